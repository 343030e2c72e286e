/** What is asked of the history, and what it answers. */
import type { OutputItem } from '../render/output-item.ts';
import type { MapSchema } from '../schema/map-schema.ts';
import type { SessionInfo, SessionState } from './http.ts';

/** All that is given must fit. Texts with `*` and `?` are patterns; times are Unix milliseconds. */
export interface HistoryFilter {
  /** It ran then or later. */
  readonly sinceMs?: number;
  readonly untilMs?: number;
  /** Who ran it. */
  readonly user?: string;
  /** One of the program's probes, or what a wildcard of it stands for. */
  readonly probe?: string;
  /** One of its hosts. */
  readonly host?: string;
  /** Stands in the program, or in the name of its file. */
  readonly text?: string;
  readonly state?: SessionState;
  /** At most so many, the newest; 50 when absent. */
  readonly limit?: number;
}

/** What to show of a session; all of it that fits when empty. */
export interface ShowOptions {
  /** Keep the hosts apart, however the session merged them. */
  readonly byHost?: boolean;
  /** Only what was printed from this fleet time on, Unix nanoseconds. */
  readonly fromNs?: bigint;
  /** And before this one. */
  readonly toNs?: bigint;
  /** Of what was printed, at most so many lines and maps, the last ones; 10,000 when absent. */
  readonly lines?: number;
  /**
   * The maps as they stood when this window ended: it counts the times the maps were cleared, from 0. `last` is the last
   * one with anything in it.
   */
  readonly window?: number | 'last';
  /** As `window`, by a moment that lies within it on each host: fleet time, Unix nanoseconds. */
  readonly windowAtNs?: bigint;
}

/** What was printed before what is shown. */
export interface Omitted {
  readonly lines: number;
  readonly maps: number;
  /** Fleet time of the first thing that is shown, Unix nanoseconds. */
  readonly beforeNs: bigint;
}

export interface HistoryResult {
  readonly session: SessionInfo;
  /** Printed output in fleet-time order. */
  readonly output: readonly OutputItem[];
  readonly omitted?: Omitted;
  readonly maps: readonly OutputItem[];
}

/** A table of the store, what it takes, and for how long its rows are kept. */
export interface KeptTable {
  readonly table: string;
  readonly rows: number;
  /** On disk. */
  readonly bytes: number;
  /** Of its rows; for ever when absent. */
  readonly keptSeconds?: number;
}

/** What was printed, as it is stored: one event with its arguments by name. */
export interface HistoryEvent {
  /** Fleet time, Unix nanoseconds. */
  readonly atNs: bigint;
  readonly host: string;
  readonly pid: number;
  readonly tid: number;
  /** Such as `printf`. */
  readonly kind: string;
  /** Attach points of the block that printed it; empty where they are not known. */
  readonly probes: readonly string[];
  readonly text: string;
  readonly fields: Readonly<Record<string, bigint | boolean | string>>;
}

/** What a map holds for one key on one host, as it was at the end of a window of the map. */
export interface HistoryPoint {
  readonly host: string;
  readonly map: string;
  /** As it prints. */
  readonly key: string;
  readonly window: number;
  /** When it was read, Unix nanoseconds; 0 where that is not known. */
  readonly atNs: bigint;
  readonly kind: string;
  readonly count: bigint;
  readonly total: bigint;
  readonly extreme: bigint;
  readonly text: string;
  /** Hits by number of the bucket, ascending. */
  readonly buckets: readonly (readonly [number, bigint])[];
}

/** Two events that belong together. */
export interface HistorySpan {
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly tid: number;
  readonly enterNs: bigint;
  readonly durationNs: bigint;
  readonly fields: Readonly<Record<string, string>>;
}

/** What there is too much of for one answer comes in pages. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** What to ask for the next one with; absent on the last. */
  readonly next?: string;
}

export interface PageOptions {
  readonly after?: string;
  /** At most so many items; 10,000 when absent. */
  readonly limit?: number;
  readonly fromNs?: bigint;
  readonly toNs?: bigint;
  readonly host?: string;
  /** Of points: only this map. */
  readonly map?: string;
}

/** What the pages of an export have: columns can be written before the first row. */
export interface ExportHead {
  readonly session: SessionInfo;
  /** Names of all arguments of events, each once. */
  readonly fields: readonly string[];
  readonly maps: readonly MapSchema[];
}
