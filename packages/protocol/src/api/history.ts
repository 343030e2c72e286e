/** What is asked of the history, and what it answers. */
import type { OutputItem } from '../render/output-item.ts';
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
