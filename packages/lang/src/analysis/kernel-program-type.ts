/** As which type of program the kernel is given the code of a probe. */
import type { Instruction, ProgramType } from '@bpfleet/bpf/asm';
import { HELPERS, CALL } from '@bpfleet/bpf/asm';
import type { CheckedProbe, ProbeContext } from './checked-program.ts';
import type { Target } from '../target.ts';

const TYPES: Readonly<Record<ProbeContext, ProgramType>> = {
  none: 'raw_tracepoint',
  tracepoint: 'tracepoint',
  raw_tracepoint: 'raw_tracepoint',
  system_call: 'raw_tracepoint',
  pt_regs: 'kprobe',
  tracing: 'tracing',
  perf_event: 'perf_event',
  iter: 'tracing',
};

/** The kernel takes their pointers from programs that got them from it, with their types. */
const TYPED_HELPERS: ReadonlySet<number> = new Set([HELPERS.get_socket_cookie, HELPERS.skb_output]);

type Probe = Pick<CheckedProbe, 'context' | 'resolved'>;

/** All that a probe's program may be: raw tracepoints of the kernel proper have types of their own, too. */
export function possibleTypes(probe: Probe, target: Target): readonly ProgramType[] {
  const { resolved } = probe;
  const typed =
    resolved.kind === 'rawtracepoint' &&
    (resolved.module ?? 'vmlinux') === 'vmlinux' &&
    target.features.rawTracepointBtf;
  return typed ? [TYPES[probe.context], 'tracing'] : [TYPES[probe.context]];
}

/** The plain type, unless the program calls what needs the kernel to know the types of its arguments. */
export function typeOfProgram(
  probe: Probe,
  target: Target,
  instructions: readonly Instruction[],
): ProgramType {
  const [plain = 'raw_tracepoint', typed = plain] = possibleTypes(probe, target);
  return instructions.some(needsTypes) ? typed : plain;
}

function needsTypes({ opcode, src, imm, kfunc }: Instruction): boolean {
  if (kfunc !== undefined) return true;
  return opcode === CALL && src === 0 && TYPED_HELPERS.has(Number(imm));
}
