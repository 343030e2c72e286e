/** In which types of programs the kernel lets one of its functions be called. */
import { callKfunc, exit } from '../asm/build-jump.ts';
import { assemble } from '../asm/assemble.ts';
import type { ProgramType } from '../asm/spec.ts';
import type { Btf } from '../btf/btf.ts';
import { progLoad } from '../sys/bpf.ts';
import type { ProgLoadAttr } from '../sys/bpf-attr.ts';
import * as K from '../sys/constants.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { KernelError } from '../sys/kernel-error.ts';
import { PROGRAM_TYPES } from '../program/program-types.ts';

const LOG_BYTES = 4096;

/** Of the call itself, by kernels that do not know the function, the type of program, or such calls at all. */
const REFUSALS =
  /is not allowed|reserved fields|not support|unknown opcode|invalid kernel function/;

/**
 * Undefined for what is no function of vmlinux. Each type is tried: a call that may not be is refused for itself, one that may
 * for the arguments it lacks (`check_kfunc_call` of kernel/bpf/verifier.c).
 */
export function kfuncPrograms(
  calls: KernelCalls,
  vmlinux: Btf,
  name: string,
): readonly ProgramType[] | undefined {
  const btfId = vmlinux.findByName(name, 'func');
  if (btfId === undefined) return undefined;
  const { bytes } = assemble([callKfunc(name), exit()], {
    mapFd: () => 0,
    kfunc: () => ({ btfId, fdIndex: 0 }),
  });
  return (Object.keys(PROGRAM_TYPES) as ProgramType[]).filter((type) => {
    const attr: ProgLoadAttr = {
      programType: PROGRAM_TYPES[type],
      name: 'bpfleet_probe',
      license: 'GPL',
      instructions: bytes,
      ...(type === 'tracing' ? anyTracing(vmlinux) : {}),
    };
    return mayCall(calls, attr);
  });
}

function anyTracing(vmlinux: Btf): Pick<ProgLoadAttr, 'expectedAttachType' | 'attachBtfId'> {
  const attachBtfId = vmlinux.findByName('btf_trace_sched_switch', 'typedef');
  return attachBtfId === undefined ? {} : { expectedAttachType: K.BPF_TRACE_RAW_TP, attachBtfId };
}

function mayCall(calls: KernelCalls, attr: ProgLoadAttr): boolean {
  const buffer = new Uint8Array(LOG_BYTES);
  try {
    progLoad(calls, { ...attr, log: { buffer, level: 1 } }).close();
    return true;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    const log = new TextDecoder().decode(buffer.subarray(0, buffer.indexOf(0)));
    return log !== '' && !REFUSALS.test(log);
  }
}
