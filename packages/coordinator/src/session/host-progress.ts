/** How far one host is with a session, as pure transitions over its reports and frames. */
import type { EndReason, Ending, HostReport, HostState } from '@bpfleet/protocol';

export interface HostProgress {
  readonly state: HostState;
  readonly late: boolean;
  /** Why it failed, was lost, or ended early. */
  readonly reason?: string;
  /** It has been attached: it may have sent counts. */
  readonly counted?: true;
  /** Why it was gone for a while before it started anew: what happened in between was not counted. */
  readonly interrupted?: string;
  /** Nothing there is what the session is about, and why. */
  readonly unmatched?: string;
  /** Of a failed host: whether the program is at fault or the host. */
  readonly fault?: 'program' | 'host';
  /** Lost for want of heartbeats alone: the next frame brings it back. */
  readonly silent?: boolean;
  /** Until then a silent host may still hold its probes, and come back with all that it counted. */
  readonly awayUntilMs?: number;
  /** It reported its end at this time, Unix milliseconds, but its last frame has not come. */
  readonly endReportedAtMs?: number;
}

export const SELECTED: HostProgress = { state: 'selected', late: false };

/** Asked for by name, and not there when the session was made. */
export const ABSENT: HostProgress = {
  state: 'lost',
  late: false,
  reason: 'no live agent of this name',
  silent: true,
};

/** Still owes an end: it holds or may attach probes. */
export function isActive(host: HostProgress): boolean {
  return host.state === 'armed' || host.state === 'attached';
}

/** Silent, and perhaps only for a while. */
export function mayReturn(
  { state, counted, awayUntilMs = 0 }: HostProgress,
  nowMs: number,
): boolean {
  return state === 'lost' && counted === true && nowMs < awayUntilMs;
}

/** @param late the session had started when the report was sent */
export function afterReport(
  host: HostProgress | undefined,
  report: HostReport,
  late: boolean,
): HostProgress {
  const before = host ?? { ...SELECTED, late };
  switch (report.kind) {
    case 'armed':
      return withMatch(
        { ...again(before), state: 'armed', late: before.late || late },
        report.unmatched,
      );
    case 'matched':
      return withMatch(before, report.fault);
    case 'failed':
      return { ...lasting(before), state: 'failed', reason: report.message, fault: report.fault };
    case 'checked':
      return before;
    case 'attached':
      return { ...again(before), state: 'attached' };
    case 'lost':
      if (before.state === 'ended' || before.state === 'failed') return before;
      return { ...lasting(before), state: 'lost', reason: report.message };
    case 'ended':
      if (before.state === 'attached') return { ...before, endReportedAtMs: report.atMs };
      return before.state === 'armed' || before.state === 'selected'
        ? ended(before, report)
        : before;
  }
}

/** After a data frame; the last one of a runner carries the reason of its end. */
export function afterFrame(host: HostProgress, end: Ending | undefined): HostProgress {
  if (end !== undefined) return host.state === 'failed' ? host : ended(host, end);
  const isBack = host.state === 'lost' && host.silent === true;
  // What says that it has attached may never come, or come later.
  if (isBack || host.state === 'armed') return { ...lasting(host), state: 'attached' };
  return host;
}

export interface Loss {
  readonly reason: string;
  /** Nothing is heard of it; otherwise it is known to be gone. */
  readonly silent: boolean;
  readonly awayUntilMs?: number;
}

/** After its agent vanished or was replaced by another process. */
export function afterLoss(host: HostProgress, { reason, silent, awayUntilMs }: Loss): HostProgress {
  if (!isActive(host) && host.state !== 'selected') return host;
  return {
    ...lasting(host),
    state: 'lost',
    reason,
    ...(silent && { silent }),
    ...(awayUntilMs !== undefined && { awayUntilMs }),
  };
}

/** Its maps mean something else than those of the other hosts. */
export function afterMismatch(host: HostProgress, reason: string): HostProgress {
  return { ...lasting(host), state: 'failed', reason, fault: 'host' };
}

/** Gives up waiting for the last frame of a host that has reported its end. */
export function withoutLastFrame(host: HostProgress): HostProgress {
  return { ...lasting(host), state: 'ended', reason: 'its last frame never arrived' };
}

function ended(host: HostProgress, { reason, message }: Ending): HostProgress {
  const early = message ?? earlyEnd(reason);
  return { ...lasting(host), state: 'ended', ...(early !== undefined && { reason: early }) };
}

function earlyEnd(reason: EndReason): string | undefined {
  switch (reason) {
    case 'lease':
      return 'detached: no contact with the coordinator';
    case 'probes-gone':
      return 'detached: what its probes were attached to is gone';
    case 'budget':
      return 'detached: over its budget';
    case 'policy':
      return 'detached: the policy of the host changed';
    case 'exit':
    case 'stopped':
    case 'duration':
      return undefined;
  }
}

function withMatch(host: HostProgress, unmatched: string | undefined): HostProgress {
  if (unmatched !== undefined) return { ...host, unmatched };
  const { unmatched: _unmatched, ...matched } = host;
  return matched;
}

type Lasting = Pick<HostProgress, 'late' | 'counted' | 'interrupted' | 'unmatched'>;

/** What stays true whatever becomes of a host. */
function lasting({ state, late, counted, interrupted, unmatched }: HostProgress): Lasting {
  return {
    late,
    ...((state === 'attached' || counted === true) && { counted: true }),
    ...(interrupted !== undefined && { interrupted }),
    ...(unmatched !== undefined && { unmatched }),
  };
}

/** Of a host that starts over: what ended it before. */
function again(host: HostProgress): Lasting {
  const { counted, state, reason } = host;
  const wasGone = counted === true && (state === 'lost' || state === 'ended');
  return { ...lasting(host), ...(wasGone && reason !== undefined && { interrupted: reason }) };
}
