/**
 * A session as its KV entry keeps it: what agents read, and beside it what a restarted coordinator must know to go on
 * as if nothing had happened.
 */
import { createHash } from 'node:crypto';
import type { DesiredSession, DesiredState, MergeMode, Selector } from '@bpfleet/protocol';
import { encodeJson, parseDesiredSession } from '@bpfleet/protocol';
import type { ClockEstimate } from '../fleet/clock.ts';
import { arming, replay, type Progress } from './progress.ts';

/** Not for agents; they ignore it. */
export interface SessionMemo {
  readonly merge: MergeMode;
  /** The hosts selected when the session was made. */
  readonly hosts: readonly string[];
  /** So many must be armed for it to start; 1 when absent. */
  readonly hostsNeeded?: number;
  /** Unix milliseconds, as all times. */
  readonly armDeadlineMs: number;
  /** Hash of the schema that says what its maps mean; known once it runs. */
  readonly reference?: string;
  /** By host, what brings its times into fleet time. */
  readonly clocks: Readonly<Record<string, ClockEstimate>>;
  readonly stopAtMs?: number;
  /** The session is over and its result is in the store. */
  readonly endedAtMs?: number;
}

export interface StoredSession extends DesiredSession {
  readonly memo: SessionMemo;
}

export function encodeStored(session: StoredSession): string {
  return encodeJson(session);
}

/** `undefined` for what no coordinator of this version wrote. */
export function decodeStored(body: string): StoredSession | undefined {
  const desired = parseDesiredSession(body);
  return desired !== undefined && hasMemo(desired) ? desired : undefined;
}

function hasMemo(desired: DesiredSession): desired is StoredSession {
  if (!('memo' in desired)) return false;
  const memo = desired.memo as Partial<SessionMemo> | null;
  return (
    typeof memo === 'object' &&
    typeof memo?.merge === 'string' &&
    Array.isArray(memo.hosts) &&
    typeof memo.armDeadlineMs === 'number' &&
    typeof memo.clocks === 'object'
  );
}

/** Where a session stood when its entry was written; its reports are replayed on top. */
export function restoredProgress(stored: StoredSession): Progress {
  const { state, startAtMs, durationMs, selector, memo } = stored;
  const absent = absentHosts(selector, memo.hosts);
  const start: Progress = {
    ...arming(memo.hosts, memo.armDeadlineMs, {
      durationMs,
      absent,
      hostsNeeded: memo.hostsNeeded,
    }),
    state: runState(state),
    ...(startAtMs !== undefined && { startAtMs }),
    ...(memo.stopAtMs !== undefined && { stopAtMs: memo.stopAtMs }),
  };
  return Object.entries(stored.without ?? {}).reduce(
    (progress, [host, reason]) => replay(progress, { kind: 'mismatch', host, reason }, 0),
    start,
  );
}

export function isLeftOut({ without = {} }: DesiredSession, host: string): boolean {
  return Object.hasOwn(without, host);
}

/** Asked for by name and not there. With labels besides, a host that is not selected may simply not have them. */
export function absentHosts(
  { hosts, labels }: Selector,
  selected: readonly string[],
): readonly string[] {
  if (Object.keys(labels).length > 0) return [];
  return hosts.filter((host) => !selected.includes(host));
}

function runState(state: DesiredState): Progress['state'] {
  switch (state) {
    case 'arm':
      return 'arming';
    case 'run':
      return 'running';
    case 'stop':
      return 'stopping';
  }
}

/** What names a program in results and audits, however it was called. */
export function programDigest(program: string): string {
  return createHash('sha256').update(program).digest('hex').slice(0, 16);
}
