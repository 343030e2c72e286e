/** Two events of one host that belong together, and how long it took from one to the other. */
import type { CorrelatedEvent } from './correlated-event.ts';

export interface Span {
  readonly name: string;
  readonly enter: CorrelatedEvent;
  readonly exit: CorrelatedEvent;
  /** Exact: both times are of one clock. */
  readonly durationNs: bigint;
  /** Spans that were open on the thread when it began. */
  readonly depth: number;
  /** Events of the host were lost in between, or around an end: another enter or exit may belong to it. */
  readonly uncertain: boolean;
}

export interface SpanSummary {
  readonly name: string;
  readonly spans: number;
  /** Of `spans`. */
  readonly uncertain: number;
  /** Those still open, and those given up. */
  readonly unmatchedEnters: number;
  readonly unmatchedExits: number;
  /** Of the unmatched enters, those given up because too many were open. */
  readonly evicted: number;
  /** Why it means nothing in this program. */
  readonly fault?: string;
}
