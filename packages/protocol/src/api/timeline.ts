/** What several sessions printed in order of time, and what of it belongs together. */
import type { CorrelatedEvent } from '../correlate/correlated-event.ts';
import type { Correlated } from '../correlate/correlator.ts';
import type { JoinSummary } from '../correlate/join-matcher.ts';
import type { Loss } from '../correlate/loss-watch.ts';
import type { SpanSummary } from '../correlate/span.ts';

/** Times are fleet time in Unix nanoseconds. */
export interface TimelineRequest {
  /** Ids may be cut short. Joins call a session by its label; without one by its id, as given. */
  readonly sessions: readonly { readonly id: string; readonly label?: string }[];
  readonly host?: string;
  readonly pid?: number;
  readonly tid?: number;
  readonly fromNs?: bigint;
  /** Not within. */
  readonly toNs?: bigint;
  /** As written, or `auto`; absent: those that the sessions were run with. */
  readonly spans?: readonly string[];
  readonly joins?: readonly string[];
  readonly around?: AroundRequest;
}

/** What else happened near an event or a moment, instead of `fromNs` and `toNs`. */
export interface AroundRequest {
  /** As `referenceText` writes it: its host and its pid are meant, unless others are said. */
  readonly event?: string;
  readonly atNs?: bigint;
  readonly withinNs: bigint;
  /** Of an event: all pids of its host, or all hosts. */
  readonly widen?: 'pids' | 'hosts';
  /** Besides those named, all sessions that printed anything there. */
  readonly allSessions?: boolean;
}

export interface TimelineSession {
  readonly id: string;
  readonly label: string;
}

export type TimelineItem =
  /** Comes first. */
  | {
      readonly kind: 'timeline';
      readonly sessions: readonly TimelineSession[];
      /** By host, the bound of its clock's error in nanoseconds. */
      readonly clocks: Readonly<Record<string, number>>;
    }
  | {
      readonly kind: 'event';
      readonly event: CorrelatedEvent;
      /** Of its session. */
      readonly label: string;
      /** Since the thread's event before it, whatever session that was of; absent for its first. */
      readonly gapNs?: bigint;
      /** It is the one that was asked about. */
      readonly isCentre?: boolean;
    }
  | Correlated
  | { readonly kind: 'loss'; readonly unixNs: bigint; readonly loss: Loss }
  /** Comes last. */
  | {
      readonly kind: 'end';
      readonly events: number;
      readonly spans: readonly SpanSummary[];
      readonly joins: readonly JoinSummary[];
    }
  /** What keeps it from going on. */
  | { readonly kind: 'fault'; readonly message: string };
