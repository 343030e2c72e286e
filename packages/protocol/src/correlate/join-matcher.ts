/**
 * Pairs events of two sides: every two of equal keys that are no further apart than the join says. Events come nearly in
 * order of fleet time; they are kept while one that comes late could still be their partner.
 */
import { fieldOf, type CorrelatedEvent, type FieldValue } from './correlated-event.ts';
import { isCalled } from './event-selector.ts';
import type { JoinDefinition, Pair } from './join.ts';
import type { SpanDefinition } from './span.ts';

export interface JoinCounts {
  readonly join: string;
  readonly pairs: number;
  /** Of these, how many are nearer than the clocks can tell. */
  readonly withinError: number;
  /** Events of each side that found no partner. */
  readonly unmatchedLeft: number;
  readonly unmatchedRight: number;
  /** Events forgotten before their time because too many were kept. */
  readonly forgotten: number;
}

interface Kept {
  readonly event: CorrelatedEvent;
  readonly side: 'left' | 'right';
  readonly key: string;
  matched: boolean;
}

/** An event may be so much later than others that came before it, nanoseconds. */
const LATENESS_NS = 10_000_000_000n;

export class JoinMatcher {
  readonly #definition: JoinDefinition;
  readonly #spans: readonly SpanDefinition[];
  readonly #maxKept: number;
  readonly #kept = new Set<Kept>();
  readonly #byKey = new Map<string, Kept[]>();
  readonly #counts = { pairs: 0, withinError: 0, forgotten: 0 };
  readonly #unmatched = { left: 0, right: 0 };
  #newestNs = 0n;

  /** @param maxKept events that may wait for a partner */
  constructor(definition: JoinDefinition, spans: readonly SpanDefinition[], maxKept = 100_000) {
    this.#definition = definition;
    this.#spans = spans;
    this.#maxKept = maxKept;
  }

  /** The pairs that the event completes, nearest in time first. */
  take(event: CorrelatedEvent): readonly Pair[] {
    const { left, right } = this.#definition;
    const pairs = [
      ...this.#takeAs('left', left.events, left.key, event),
      ...this.#takeAs('right', right.events, right.key, event),
    ];
    if (event.unixNs > this.#newestNs) this.#newestNs = event.unixNs;
    this.#forget();
    return pairs;
  }

  counts(): JoinCounts {
    const waiting = { left: 0, right: 0 };
    for (const { side, matched } of this.#kept) if (!matched) waiting[side] += 1;
    return {
      join: this.#definition.text,
      ...this.#counts,
      unmatchedLeft: this.#unmatched.left + waiting.left,
      unmatchedRight: this.#unmatched.right + waiting.right,
    };
  }

  #takeAs(
    side: Kept['side'],
    events: string,
    fields: readonly string[],
    event: CorrelatedEvent,
  ): readonly Pair[] {
    const key = isCalled(events, event, this.#spans) ? keyOf(fields, event) : undefined;
    if (key === undefined) return [];
    const others = this.#byKey.get(key) ?? [];
    const pairs: Pair[] = [];
    let matched = false;
    for (const other of others) {
      if (other.side === side || other.event === event) continue;
      const [left, right] = side === 'left' ? [event, other.event] : [other.event, event];
      const pair = this.#pairOf(left, right);
      if (pair === undefined) continue;
      matched = true;
      other.matched = true;
      pairs.push(pair);
    }
    const kept = { event, side, key, matched };
    this.#kept.add(kept);
    if (others.push(kept) === 1) this.#byKey.set(key, others);
    return pairs.sort((a, b) => compare(magnitude(a.differenceNs), magnitude(b.differenceNs)));
  }

  #pairOf(left: CorrelatedEvent, right: CorrelatedEvent): Pair | undefined {
    const differenceNs = right.unixNs - left.unixNs;
    if (magnitude(differenceNs) > this.#definition.withinNs) return undefined;
    const errorNs = left.host === right.host ? 0n : left.errorNs + right.errorNs;
    const withinError = magnitude(differenceNs) < errorNs;
    this.#counts.pairs += 1;
    if (withinError) this.#counts.withinError += 1;
    return { join: this.#definition.text, left, right, differenceNs, errorNs, withinError };
  }

  #forget(): void {
    const before = this.#newestNs - this.#definition.withinNs - LATENESS_NS;
    for (const kept of this.#kept) {
      const early = this.#kept.size > this.#maxKept && kept.event.unixNs >= before;
      if (kept.event.unixNs >= before && !early) return;
      if (early) this.#counts.forgotten += 1;
      this.#drop(kept);
    }
  }

  #drop(kept: Kept): void {
    this.#kept.delete(kept);
    if (!kept.matched) this.#unmatched[kept.side] += 1;
    const others = this.#byKey.get(kept.key) ?? [];
    // Mostly the first, for both are in the order in which they came.
    others.splice(others.indexOf(kept), 1);
    if (others.length === 0) this.#byKey.delete(kept.key);
  }
}

/** Undefined for an event that has not all of the fields. */
function keyOf(fields: readonly string[], event: CorrelatedEvent): string | undefined {
  const values: string[] = [];
  for (const field of fields) {
    const value = fieldOf(event, field) ?? OWN[field]?.(event);
    if (value === undefined) return undefined;
    values.push(`${typeof value} ${value}`);
  }
  return values.join('\0');
}

/** What every event has, where no argument is called so. */
const OWN: Readonly<Record<string, (event: CorrelatedEvent) => FieldValue>> = {
  host: ({ host }) => host,
  pid: ({ pid }) => BigInt(pid),
  tid: ({ tid }) => BigInt(tid),
};

function magnitude(ns: bigint): bigint {
  return ns < 0n ? -ns : ns;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
