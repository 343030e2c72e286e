/**
 * The life of a session, as pure transitions over what its hosts report, the passing of time and the user's stop:
 *
 *     arming ──▶ running ──▶ stopping ──▶ ended
 *        │           └───────────────────▶ ended
 *        └──▶ failed
 *
 * Nothing here acts: the session compares a state with the one before and does what the difference asks for.
 */
import type { Ending, HostReport, SessionState } from '@bpfleet/protocol';
import {
  ABSENT,
  afterFrame,
  afterLoss,
  afterMismatch,
  afterReport,
  isActive,
  mayReturn,
  SELECTED,
  withoutLastFrame,
  type HostProgress,
  type Loss,
} from './host-progress.ts';
import { HostTable } from './host-table.ts';

/** From "everybody is armed" to the agreed moment of attaching: long enough for the message to reach every host. */
export const START_DELAY_MS = 300;
/** Hosts that have been stopped and have not ended are given up when no frame has come for this long. */
export const STOP_TIMEOUT_MS = 10_000;
/** However many frames still come: longer than a runner tries to get rid of its last ones. */
export const DRAIN_TIMEOUT_MS = 60_000;
/** However much of the stream has not been read: longer than reading all that it holds takes. */
export const READ_TIMEOUT_MS = 900_000;
/** How exactly the time of the last frame is known; noting each would be work for nothing. */
const FRAME_NOTED_EVERY_MS = 500;
/** A last frame still under way arrives within this time after its host's `ended`. */
const LAST_FRAME_TIMEOUT_MS = 2_000;
/** Bounds what a session costs, and what hostile reports can make it remember. */
export const MAX_HOSTS = 10_000;

export interface Progress {
  readonly state: SessionState;
  readonly hosts: HostTable;
  /** That came when there was no room for more. */
  readonly refusedHosts?: number;
  /** Unix milliseconds, as all times here. */
  readonly armDeadlineMs: number;
  readonly durationMs?: number;
  /** With fewer armed it does not start. */
  readonly hostsNeeded: number;
  /** When armed hosts attach. */
  readonly startAtMs?: number;
  readonly stopAtMs?: number;
  /** When the last frame came, roughly; known while stopping. */
  readonly lastFrameAtMs?: number;
  /** Until when what the stream held had not all been read, roughly; known while stopping. */
  readonly behindUntilMs?: number;
  readonly endedAtMs?: number;
}

export type ProgressEvent =
  /** `storedAtMs`: when the stream took it, which tells whether it came after the start. */
  | { readonly kind: 'report'; readonly report: HostReport; readonly storedAtMs: number }
  /** `behind`: the stream held more already when this one was read. */
  | {
      readonly kind: 'frame';
      readonly host: string;
      readonly end?: Ending;
      readonly behind?: boolean;
    }
  | ({ readonly kind: 'host-lost'; readonly host: string } & Loss)
  | { readonly kind: 'mismatch'; readonly host: string; readonly reason: string }
  | { readonly kind: 'stop' }
  /** No host can be heard, nor told anything. */
  | { readonly kind: 'cut-off' }
  | { readonly kind: 'tick' };

export interface ArmingOptions {
  readonly durationMs?: number | undefined;
  /** Hosts asked for by name that were not there: the answer names them, and they may still come. */
  readonly absent?: readonly string[];
  /** 1 when absent. */
  readonly hostsNeeded?: number | undefined;
}

export function arming(
  hosts: readonly string[],
  armDeadlineMs: number,
  { durationMs, absent = [], hostsNeeded = 1 }: ArmingOptions = {},
): Progress {
  return {
    state: 'arming',
    hosts: HostTable.of([
      ...absent.map((host) => [host, ABSENT] as const),
      ...hosts.map((host) => [host, SELECTED] as const),
    ]),
    armDeadlineMs,
    hostsNeeded,
    ...(durationMs !== undefined && { durationMs }),
  };
}

export function isOver(progress: Progress): boolean {
  return progress.state === 'ended' || progress.state === 'failed';
}

export function advance(progress: Progress, event: ProgressEvent, nowMs: number): Progress {
  if (isOver(progress)) return progress;
  const next = apply(progress, event, nowMs);
  // Frames come by the thousand and hardly ever change anything.
  if (event.kind === 'frame' && next === progress) return progress;
  return settle(next, nowMs);
}

/**
 * Takes what the stream held before a coordinator began to read it, without drawing conclusions: those depend on what
 * comes after, and on the time now. A `tick` through `advance` draws them at the end.
 */
export function replay(progress: Progress, event: ProgressEvent, nowMs: number): Progress {
  return apply(progress, event, nowMs);
}

function apply(progress: Progress, event: ProgressEvent, nowMs: number): Progress {
  switch (event.kind) {
    case 'report': {
      const { report, storedAtMs } = event;
      const late = progress.startAtMs !== undefined && storedAtMs > progress.startAtMs;
      const host = progress.hosts.get(report.host);
      if (host === undefined && progress.hosts.size >= MAX_HOSTS) {
        if (report.kind !== 'armed') return progress;
        return { ...progress, refusedHosts: (progress.refusedHosts ?? 0) + 1 };
      }
      return withHost(progress, report.host, afterReport(host, { ...report, atMs: nowMs }, late));
    }
    case 'frame': {
      const host = progress.hosts.get(event.host);
      if (host === undefined) return progress;
      return withHost(
        noteFrame(progress, event.behind === true, nowMs),
        event.host,
        afterFrame(host, event.end),
      );
    }
    case 'host-lost': {
      const host = progress.hosts.get(event.host);
      if (host === undefined) return progress;
      return withHost(progress, event.host, afterLoss(host, event));
    }
    case 'mismatch': {
      const host = progress.hosts.get(event.host) ?? SELECTED;
      return withHost(progress, event.host, afterMismatch(host, event.reason));
    }
    case 'stop':
      return stopping(progress, nowMs);
    case 'cut-off':
      // They may not even know yet that they are to end.
      if (progress.state !== 'stopping') return progress;
      return { ...progress, lastFrameAtMs: nowMs, behindUntilMs: nowMs };
    case 'tick':
      return progress;
  }
}

/** What follows from the hosts' states and the time, whatever came last. */
function settle(progress: Progress, nowMs: number): Progress {
  const current = giveUpLastFrames(progress, nowMs);
  const { selected, active } = current.hosts.counts;
  switch (current.state) {
    case 'arming': {
      const inTime = nowMs < current.armDeadlineMs;
      if (selected > 0 && inTime && active + selected >= current.hostsNeeded) return current;
      if (active >= current.hostsNeeded) {
        return { ...current, state: 'running', startAtMs: nowMs + START_DELAY_MS };
      }
      return { ...(inTime ? current : failWaiting(current)), state: 'failed', endedAtMs: nowMs };
    }
    case 'running': {
      const goesOn =
        active > 0 || [...current.hosts.values()].some((host) => mayReturn(host, nowMs));
      if (!goesOn) return end(current, nowMs);
      const overdueMs =
        (current.startAtMs ?? nowMs) + (current.durationMs ?? Infinity) + STOP_TIMEOUT_MS;
      return nowMs >= overdueMs ? stopping(current, nowMs) : current;
    }
    case 'stopping': {
      if (active === 0) return end(current, nowMs);
      if (nowMs < giveUpAtMs(current, nowMs)) return current;
      const reason = 'did not end when it was stopped';
      return end(
        mapHosts(current, (host) =>
          isActive(host) ? afterLoss(host, { reason, silent: false }) : host,
        ),
        nowMs,
      );
    }
    case 'ended':
    case 'failed':
      return current;
  }
}

/** Hosts have ended long ago, perhaps, and the coordinator has not come to their last frames. */
function giveUpAtMs(
  { stopAtMs, lastFrameAtMs = 0, behindUntilMs = 0 }: Progress,
  nowMs: number,
): number {
  const begin = stopAtMs ?? nowMs;
  return Math.min(
    begin + READ_TIMEOUT_MS,
    Math.max(begin, behindUntilMs) + DRAIN_TIMEOUT_MS,
    Math.max(begin, lastFrameAtMs) + STOP_TIMEOUT_MS,
  );
}

function noteFrame(progress: Progress, behind: boolean, nowMs: number): Progress {
  if (progress.state !== 'stopping') return progress;
  if (nowMs < (progress.lastFrameAtMs ?? 0) + FRAME_NOTED_EVERY_MS) return progress;
  return { ...progress, lastFrameAtMs: nowMs, ...(behind && { behindUntilMs: nowMs }) };
}

function stopping(progress: Progress, nowMs: number): Progress {
  if (progress.state === 'stopping') return progress;
  return { ...progress, state: 'stopping', stopAtMs: nowMs };
}

function end(progress: Progress, nowMs: number): Progress {
  return { ...failWaiting(progress), state: 'ended', endedAtMs: nowMs };
}

function failWaiting(progress: Progress): Progress {
  return mapHosts(progress, (host) =>
    host.state === 'selected'
      ? { state: 'failed', late: host.late, reason: 'did not arm in time', fault: 'host' }
      : host,
  );
}

function giveUpLastFrames(progress: Progress, nowMs: number): Progress {
  if (progress.hosts.counts.ending === 0) return progress;
  return mapHosts(progress, (host) =>
    host.endReportedAtMs !== undefined && nowMs >= host.endReportedAtMs + LAST_FRAME_TIMEOUT_MS
      ? withoutLastFrame(host)
      : host,
  );
}

/** Keeps the identity of the progress when the host does not change. */
function withHost(progress: Progress, name: string, host: HostProgress): Progress {
  const hosts = progress.hosts.with(name, host);
  return hosts === progress.hosts ? progress : { ...progress, hosts };
}

/** The same for all hosts. */
function mapHosts(progress: Progress, change: (host: HostProgress) => HostProgress): Progress {
  const hosts = progress.hosts.map(change);
  return hosts === progress.hosts ? progress : { ...progress, hosts };
}
