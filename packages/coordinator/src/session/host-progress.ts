/** How far one host is with a session, as pure transitions over its reports and frames. */
import type { EndReason, Ending, HostReport, HostState } from '@bpfleet/protocol';

export interface HostProgress {
  readonly state: HostState;
  readonly late: boolean;
  /** Why it failed, was lost, or ended early. */
  readonly reason?: string;
  /** Of a failed host: whether the program is at fault or the host. */
  readonly fault?: 'program' | 'host';
  /** Lost for want of heartbeats alone: the next frame brings it back. */
  readonly silent?: boolean;
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

/** @param late the session had started when the report was sent */
export function afterReport(
  host: HostProgress | undefined,
  report: HostReport,
  late: boolean,
): HostProgress {
  const before = host ?? { ...SELECTED, late };
  switch (report.kind) {
    case 'armed':
      return { ...kept(before), state: 'armed', late: before.late || late };
    case 'failed':
      return { state: 'failed', late: before.late, reason: report.message, fault: report.fault };
    case 'checked':
      return before;
    case 'attached':
      return { ...kept(before), state: 'attached' };
    case 'lost':
      if (before.state === 'ended' || before.state === 'failed') return before;
      return { state: 'lost', late: before.late, reason: report.message };
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
  if (host.state === 'lost' && host.silent === true) return { ...kept(host), state: 'attached' };
  return host;
}

/** After its agent vanished or was replaced by another process. */
export function afterLoss(host: HostProgress, reason: string, silent: boolean): HostProgress {
  if (!isActive(host) && host.state !== 'selected') return host;
  return { state: 'lost', late: host.late, reason, ...(silent && { silent }) };
}

/** Its maps mean something else than those of the other hosts. */
export function afterMismatch(host: HostProgress, reason: string): HostProgress {
  return { state: 'failed', late: host.late, reason, fault: 'host' };
}

/** Gives up waiting for the last frame of a host that has reported its end. */
export function withoutLastFrame(host: HostProgress): HostProgress {
  return { state: 'ended', late: host.late, reason: 'its last frame never arrived' };
}

function ended(host: HostProgress, { reason, message }: Ending): HostProgress {
  const early = message ?? earlyEnd(reason);
  return { state: 'ended', late: host.late, ...(early !== undefined && { reason: early }) };
}

function earlyEnd(reason: EndReason): string | undefined {
  switch (reason) {
    case 'lease':
      return 'detached: no contact with the coordinator';
    case 'probes-gone':
      return 'detached: what its probes were attached to is gone';
    case 'budget':
      return 'detached: over its budget';
    case 'exit':
    case 'stopped':
    case 'duration':
      return undefined;
  }
}

/** What stays true when a host starts over: that it was late, and what it lost before unless it was only silent. */
function kept(host: HostProgress): Pick<HostProgress, 'late' | 'reason'> {
  const reason = host.silent === true ? undefined : host.reason;
  return { late: host.late, ...(reason !== undefined && { reason }) };
}
