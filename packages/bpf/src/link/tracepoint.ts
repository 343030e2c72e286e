/** Programs on tracepoints, through perf events: they see the fields that the format file lists. */
import type { Program } from '../program/program.ts';
import { PERF_TYPE_TRACEPOINT } from '../sys/constants.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { attaching } from './attach-error.ts';
import type { Link } from './link.ts';
import { attachToPerfEvents } from './perf-program.ts';

export interface TracepointTarget {
  /** As the user wrote it: `tracepoint:sched:sched_switch`. */
  readonly probe: string;
  /** From the format file. */
  readonly id: number;
  readonly cookie?: bigint;
}

/** The program, of type `tracepoint`, runs for every process on every CPU. Throws AttachError. */
export function attachTracepoint(
  calls: KernelCalls,
  program: Program,
  target: TracepointTarget,
): Link {
  return attaching(target.probe, () =>
    attachToPerfEvents(calls, program, {
      probe: target.probe,
      attr: { type: PERF_TYPE_TRACEPOINT, config: BigInt(target.id), samplePeriod: 1n },
      // A program belongs to the tracepoint and runs on all CPUs, whichever CPU the event is on.
      targets: [{ pid: -1, cpu: 0 }],
      ...(target.cookie === undefined ? {} : { cookie: target.cookie }),
      explain: (code) => (code === 'EINVAL' ? `no tracepoint has id ${target.id}` : undefined),
    }),
  );
}
