/**
 * A session as the bucket keeps it: an entry that agents read, and beside it what a restarted coordinator must know to
 * go on as if nothing had happened, a few facts in the entry and those about each host in pages.
 */
import { createHash } from 'node:crypto';
import type {
  DesiredSession,
  DesiredState,
  MergeMode,
  RunRequest,
  Selector,
} from '@bpfleet/protocol';
import { encodeJson, parseDesiredSession } from '@bpfleet/protocol';
import type { KeptClock } from '../fleet/clock.ts';
import type { PagedText } from '../nats/paged-bucket.ts';
import type { Conclusion } from './conclusion.ts';
import { decodeHostPages, encodeHostPages } from './host-pages.ts';
import { arming, isOver, replay, type Progress } from './progress.ts';

/** Of 256 KB each: more than any session has. */
const MAX_PAGES = 1_000;

/** Not for agents. */
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
  readonly clocks: Readonly<Record<string, KeptClock>>;
  /** The spans and joins that were asked for, as written. */
  readonly spans?: readonly string[];
  readonly joins?: readonly string[];
  readonly stopAtMs?: number;
  /** Id of the coordinator that acts for it. */
  readonly owner?: string;
  /** Somebody asked another coordinator to stop it: its owner is to do so. */
  readonly stopAsked?: boolean;
  /** The session is over and its result is in the owner's store. */
  readonly conclusion?: Conclusion;
}

export interface StoredSession extends DesiredSession {
  readonly memo: SessionMemo;
}

/** The memo as agents get it, and ignore it. */
type EntryMemo = Omit<SessionMemo, 'hosts' | 'clocks' | 'conclusion'> & {
  readonly conclusion?: Omit<Conclusion, 'hosts'>;
  /** How many pages have the rest. */
  readonly pages: number;
};

export function encodeStored({ memo, ...desired }: StoredSession): PagedText {
  const { hosts, clocks, conclusion, ...facts } = memo;
  const { hosts: ends = {}, ...outcome } = conclusion ?? {};
  const pages = encodeHostPages(memo.owner, { hosts, clocks, ends });
  const entryMemo = {
    ...facts,
    ...(conclusion !== undefined && { conclusion: outcome }),
    pages: pages.length,
  };
  return { body: encodeJson({ ...desired, memo: entryMemo }), pages };
}

/** `undefined` for what no coordinator of this version wrote. */
export function decodeStored({ body, pages }: PagedText): StoredSession | undefined {
  const desired = parseDesiredSession(body);
  if (desired === undefined || desired.check === true) return undefined;
  const memo = entryMemoOf(desired);
  const records = decodeHostPages(pages);
  if (memo === undefined || records === undefined) return undefined;
  const { pages: _pages, conclusion, ...facts } = memo;
  const { hosts, clocks, ends } = records;
  return {
    ...desired,
    memo: {
      ...facts,
      hosts,
      clocks,
      ...(conclusion !== undefined && { conclusion: { ...conclusion, hosts: ends } }),
    },
  };
}

/** How many pages belong to an entry, whoever wrote it. */
export function pagesOf(body: string): number {
  const desired = parseDesiredSession(body);
  return desired === undefined ? 0 : (entryMemoOf(desired)?.pages ?? 0);
}

function entryMemoOf(desired: DesiredSession): EntryMemo | undefined {
  if (!('memo' in desired)) return undefined;
  const memo = desired.memo as Partial<EntryMemo> | null;
  const isWhole =
    typeof memo === 'object' &&
    typeof memo?.merge === 'string' &&
    typeof memo.armDeadlineMs === 'number' &&
    isPageCount(memo.pages);
  return isWhole ? (memo as EntryMemo) : undefined;
}

function isPageCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_PAGES;
}

/** Whose a question is that another coordinator has put to the hosts; `undefined` where the entry is none. */
export function decodeCheck(body: string): { readonly owner: string | undefined } | undefined {
  const desired = parseDesiredSession(body);
  if (desired?.check !== true) return undefined;
  const memo = 'memo' in desired ? (desired.memo as Partial<SessionMemo> | null) : undefined;
  return { owner: memo?.owner };
}

/** What makes the same session again. */
export function requestOf(stored: StoredSession): RunRequest {
  const { files, includes, namedParameters, durationMs, budget, containers } = stored;
  return {
    program: stored.program,
    sourceName: stored.sourceName,
    ...(files !== undefined && { files }),
    ...(includes !== undefined && { includes }),
    parameters: stored.parameters,
    ...(namedParameters !== undefined && { namedParameters }),
    selector: stored.selector,
    unsafe: stored.unsafe,
    ...(stored.redact === true && { redact: true }),
    who: stored.who,
    merge: stored.memo.merge,
    ...(stored.memo.spans !== undefined && { spans: stored.memo.spans }),
    ...(stored.memo.joins !== undefined && { joins: stored.memo.joins }),
    ...(durationMs !== undefined && { durationMs }),
    ...(budget !== undefined && { budget }),
    ...(containers !== undefined && { containers }),
  };
}

/** Where a session stood when its entry was written; its reports are replayed on top. */
export function restoredProgress(stored: StoredSession): Progress {
  const { durationMs, selector, memo } = stored;
  const absent = absentHosts(selector, memo.hosts);
  const options = { durationMs, absent, hostsNeeded: memo.hostsNeeded };
  return asStored(arming(memo.hosts, memo.armDeadlineMs, options), stored);
}

/** What the session's owner has decided since, as its entry says; the same progress where it says nothing new. */
export function asStored(progress: Progress, stored: StoredSession): Progress {
  if (isOver(progress)) return progress;
  const { startAtMs, memo } = stored;
  const state = runState(stored.state);
  const same =
    progress.state === state &&
    progress.startAtMs === startAtMs &&
    progress.stopAtMs === memo.stopAtMs;
  const decided: Progress = same
    ? progress
    : {
        ...progress,
        state,
        ...(startAtMs !== undefined && { startAtMs }),
        ...(memo.stopAtMs !== undefined && { stopAtMs: memo.stopAtMs }),
      };
  return Object.entries(stored.without ?? {})
    .filter(([host, reason]) => decided.hosts.get(host)?.reason !== reason)
    .reduce((left, [host, reason]) => replay(left, { kind: 'mismatch', host, reason }, 0), decided);
}

/** What agents and other coordinators are to know of a session that has come this far. */
export function withProgress(stored: StoredSession, progress: Progress): StoredSession {
  const { startAtMs, stopAtMs } = progress;
  return {
    ...stored,
    state: desiredState(progress.state),
    ...(startAtMs !== undefined && { startAtMs }),
    memo: { ...stored.memo, ...(stopAtMs !== undefined && { stopAtMs }) },
  };
}

/** `without` one more host, which must not run it. */
export function withoutHost(stored: StoredSession, host: string, reason: string): StoredSession {
  return { ...stored, without: { ...stored.without, [host]: reason } };
}

export function withMemo(stored: StoredSession, memo: Partial<SessionMemo>): StoredSession {
  return { ...stored, memo: { ...stored.memo, ...memo } };
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

function desiredState(state: Progress['state']): DesiredState {
  switch (state) {
    case 'arming':
      return 'arm';
    case 'running':
      return 'run';
    case 'stopping':
    case 'ended':
    case 'failed':
      return 'stop';
  }
}

/** What names a program in results and audits, however it was called. */
export function programDigest(program: string): string {
  return createHash('sha256').update(program).digest('hex').slice(0, 16);
}
