/** Runs programs on open perf events: what tracepoints, kprobes, uprobes and timers have in common. */
import type { Program } from '../program/program.ts';
import { linkCreate } from '../sys/bpf.ts';
import { BPF_PERF_EVENT } from '../sys/constants.ts';
import type { Fd } from '../sys/fd.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { isKernelError } from '../sys/kernel-error.ts';
import {
  openPerfEvent,
  type PerfEventAttr,
  type PerfEventTarget,
  setPerfEventProgram,
} from '../sys/perf-event.ts';
import { FdLink, type Link } from './link.ts';

export interface PerfAttachment {
  readonly probe: string;
  readonly attr: PerfEventAttr;
  /** One event is opened for each of them. */
  readonly targets: readonly PerfEventTarget[];
  /** What `bpf_get_attach_cookie` returns. Linux 5.15. */
  readonly cookie?: bigint;
  /** True of what a target throws that is not there any more: it is left out, if any is left. */
  readonly isGone?: (error: unknown) => boolean;
  /** Words an errno of perf_event_open that means something special. */
  readonly explain?: (code: string) => string | undefined;
}

/** Opens the events, then runs the program on all of them. Throws KernelError, with nothing left open. */
export function attachToPerfEvents(
  calls: KernelCalls,
  program: Program,
  attachment: PerfAttachment,
): Link {
  const { attr, targets, cookie, explain, isGone } = attachment;
  const events: Fd[] = [];
  const links: Fd[] = [];
  try {
    for (const [index, target] of targets.entries()) {
      try {
        events.push(openPerfEvent(calls, attr, target, explain));
      } catch (error) {
        const isLast = index === targets.length - 1;
        if (isGone?.(error) !== true || (isLast && events.length === 0)) throw error;
      }
    }
    for (const event of events) {
      const link = linkToPerfEvent(calls, program, event, cookie);
      if (link !== undefined) links.push(link);
    }
    // Without links the events hold the programs, and closing them is what stops those.
    return links.length === 0
      ? new FdLink(attachment.probe, events)
      : new FdLink(attachment.probe, links, events);
  } catch (error) {
    for (const fd of [...links, ...events]) fd.close();
    throw error;
  }
}

/** BPF links to perf events came with Linux 5.15 (b89fbfbb854c); before, the event itself holds the program. */
function linkToPerfEvent(
  calls: KernelCalls,
  program: Program,
  event: Fd,
  cookie: bigint | undefined,
): Fd | undefined {
  try {
    return linkCreate(calls, {
      programFd: program.fd.number,
      targetFd: event.number,
      attachType: BPF_PERF_EVENT,
      target: { kind: 'perf-event', ...(cookie === undefined ? {} : { cookie }) },
    });
  } catch (error) {
    if (cookie !== undefined || !isKernelError(error, 'EINVAL')) throw error;
    setPerfEventProgram(calls, event, program.fd);
    return undefined;
  }
}
