/** Programs on tracepoints as the kernel calls them, with the arguments of the call. */
import type { Program } from '../program/program.ts';
import { rawTracepointOpen } from '../sys/bpf.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { attaching } from './attach-error.ts';
import { FdLink, type Link } from './link.ts';

export interface RawTracepointTarget {
  /** As the user wrote it: `rawtracepoint:sched_switch`. */
  readonly probe: string;
  /** The tracepoint's name without its category. */
  readonly event: string;
  /** Linux 6.10. */
  readonly cookie?: bigint;
}

/**
 * Attaches a program of type `raw_tracepoint` (Linux 4.17), or one of type `tracing` that was loaded for this
 * tracepoint and knows the types of its arguments (Linux 5.5). Throws AttachError.
 */
export function attachRawTracepoint(
  calls: KernelCalls,
  program: Program,
  target: RawTracepointTarget,
): Link {
  return attaching(target.probe, () => {
    const name = program.spec.type === 'tracing' ? undefined : target.event;
    return new FdLink(target.probe, [rawTracepointOpen(calls, name, program.fd, target.cookie)]);
  });
}
