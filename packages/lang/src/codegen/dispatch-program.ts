/**
 * The program at the raw tracepoint `sys_enter` or `sys_exit` that goes on to the program of the call's number. Calls with
 * numbers of another convention are left out, as the tracepoints of single calls do.
 */
import { archOf } from '../arch/arch-of.ts';
import type { CheckedProgram } from '../analysis/checked-program.ts';
import type { AttachSpec, ProbeProgram, SystemCallPhase } from '../session-spec.ts';
import { emitProgram } from './emit-program.ts';
import { IrBuilder } from './ir-builder.ts';
import type { Operand } from './ir.ts';
import { pointing } from './memory.ts';

type Calls = Extract<AttachSpec, { kind: 'system-calls' }>;

/** One for each table of programs, in the order of the source, which is the order in which they run. */
export function dispatchPrograms(program: CheckedProgram): readonly ProbeProgram[] {
  const { systemCalls } = program.target;
  if (systemCalls?.kind !== 'known') return [];
  const tables = new Map<string, Calls>();
  for (const { attach } of program.probes) {
    if (attach.kind === 'system-calls') tables.set(attach.map, attach);
  }
  return [...tables.values()].map(({ map, phase }) => ({
    program: {
      name: `sys_${phase}`,
      type: 'raw_tracepoint',
      instructions: emitProgram(dispatch(program, map, phase, systemCalls.flagsOffset))
        .instructions,
      license: 'GPL',
    },
    attach: { kind: 'rawtracepoint', event: `sys_${phase}`, table: map },
    probe: '',
    probes: 0,
  }));
}

function dispatch(
  { target }: CheckedProgram,
  map: string,
  phase: SystemCallPhase,
  flagsOffset: number,
): ReturnType<IrBuilder['finish']> {
  const { foreign, number } = archOf(target).systemCalls;
  const b = new IrBuilder({ arguments: 1, stackBytes: 16 });
  const slot = b.onStack(8);
  const read = (size: 4 | 8, base: Operand, offset: number): Operand => {
    const from = pointing(b.toRegister(base), offset);
    b.call('probe_read_kernel', slot, BigInt(size), from);
    return b.load(size, slot);
  };
  const end = b.label('end');
  const flags = read(4, b.call('get_current_task'), flagsOffset);
  b.branch('set', flags, foreign.mask, end);
  const call =
    phase === 'enter'
      ? b.load(8, pointing(b.context, 8))
      : read(number.sizeBytes, b.load(8, pointing(b.context, 0)), number.offset);
  b.call('tail_call', b.context, { kind: 'map', map }, call);
  return b.finish(() => {
    b.place(end);
    b.return(0n);
  });
}
