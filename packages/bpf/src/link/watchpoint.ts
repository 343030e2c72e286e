/** Programs on debug registers: they run when an address is read, written or executed. */
import { readdirSync } from 'node:fs';
import type { Program } from '../program/program.ts';
import { PERF_TYPE_BREAKPOINT } from '../sys/constants.ts';
import { isKernelError } from '../sys/kernel-error.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { attaching } from './attach-error.ts';
import type { Link } from './link.ts';
import { attachToPerfEvents } from './perf-program.ts';

export interface WatchpointTarget {
  /** As the user wrote it: `watchpoint:0x1000:8:w`. */
  readonly probe: string;
  readonly address: bigint;
  readonly lengthBytes: number;
  /** Of `r`, `w` and `x`. */
  readonly mode: string;
  /** Every thread of this process, those it makes later among them; each CPU when absent. */
  readonly pid?: number;
  readonly cpus: readonly number[];
}

/** `HW_BREAKPOINT_…` of include/uapi/linux/hw_breakpoint.h. */
const MODE_BITS: Readonly<Record<string, number>> = { r: 1, w: 2, x: 4 };
/** The kernel takes no other length for instructions. */
const EXECUTION_BYTES = 8;

const EXPLANATIONS: Readonly<Record<string, string>> = {
  ENOSPC: 'No more HW registers left',
  ENODEV: 'this machine has no debug registers',
  EINVAL: 'this address, length or mode cannot be watched',
  ESRCH: 'no such process',
};

/** Runs a program of type `perf_event`. Throws AttachError. */
export function attachWatchpoint(
  calls: KernelCalls,
  program: Program,
  target: WatchpointTarget,
): Link {
  const { probe, address, lengthBytes, mode, pid, cpus } = target;
  let type = 0;
  for (const letter of mode) type |= MODE_BITS[letter] ?? 0;
  return attaching(probe, () =>
    attachToPerfEvents(calls, program, {
      probe,
      attr: {
        type: PERF_TYPE_BREAKPOINT,
        config: 0n,
        samplePeriod: 1n,
        breakpointType: type,
        config1: address,
        config2: BigInt(mode.includes('x') ? EXECUTION_BYTES : lengthBytes),
        inherited: true,
      },
      targets:
        pid === undefined
          ? cpus.map((cpu) => ({ pid: -1, cpu }))
          : threadsOf(pid).map((thread) => ({ pid: thread, cpu: -1 })),
      // A thread may have ended meanwhile.
      isGone: (error) => pid !== undefined && isKernelError(error, 'ESRCH'),
      explain: (code) => EXPLANATIONS[code],
    }),
  );
}

function threadsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [pid];
  }
}
