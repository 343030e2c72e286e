/** Pairs of events that have the same key at nearly the same time, on whatever hosts. */
import type { CorrelatedEvent } from './correlated-event.ts';

/** One side of a join: what its events are called, and the fields that make the key. */
export interface JoinSide {
  /** A span's name (its enter), the last part of an attach point, or the first word of a format. */
  readonly events: string;
  readonly key: readonly string[];
}

export interface JoinDefinition {
  /** As it was given. */
  readonly text: string;
  readonly left: JoinSide;
  readonly right: JoinSide;
  readonly withinNs: bigint;
}

export interface Pair {
  readonly join: string;
  readonly left: CorrelatedEvent;
  readonly right: CorrelatedEvent;
  /** Of `right` after `left`, nanoseconds of fleet time; negative where it was earlier. */
  readonly differenceNs: bigint;
  /** Bound of the difference's error: what both clocks may be wrong by, and 0 on one host. */
  readonly errorNs: bigint;
  /** So near that nobody can tell which came first. */
  readonly withinError: boolean;
}
