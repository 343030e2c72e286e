/** A span: two events of one host that belong together, and the time between them. */
import type { CorrelatedEvent } from './correlated-event.ts';

export interface Span {
  readonly name: string;
  readonly enter: CorrelatedEvent;
  readonly exit: CorrelatedEvent;
  /** Exact: both events have the same clock. */
  readonly durationNs: bigint;
  /** How many spans of the same thread were open when it began. */
  readonly depth: number;
}

/** What `enter` and `exit` have in common. */
export type SpanKey = readonly string[];

export interface SpanDefinition {
  readonly name: string;
  readonly enter: string;
  readonly exit: string;
  /** `tid`, `pid`, or names of fields that both events have; on one host each. */
  readonly by: SpanKey;
}
