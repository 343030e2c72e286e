/**
 * Pairs events of two sides whose keys are equal and whose fleet times are no further apart than the window: all such
 * pairs, so that an event may be in several. Where both sides are the same events, each two of different hosts are
 * one pair. The order in which events come does not matter as long as it is no more disordered than `KEEP_NS`.
 */
import { fieldOf, fieldText, type CorrelatedEvent } from './correlated-event.ts';
import type { JoinDefinition, JoinSide } from './parse-join.ts';

/** Hosts that are cut off for a while send later. */
export const KEEP_NS = 30_000_000_000n;
export const MAX_WAITING_EVENTS = 100_000;
/** A key that everything has joins nothing: of one event so many pairs are made, and so many others looked at. */
export const MAX_PARTNERS = 1_000;
const MAX_COMPARED = 10_000;

/** What was joined: an event, or a span by its enter with the fields of both ends. */
export type Joined = CorrelatedEvent;

export interface Pair {
  /** The definition as written. */
  readonly join: string;
  readonly left: Joined;
  readonly right: Joined;
  /** From left to right; negative where right was first. */
  readonly differenceNs: bigint;
  /** By how much that may be wrong; 0 for two events of one host. */
  readonly errorNs: number;
  /** Which was first is not known. */
  readonly withinError: boolean;
}

export interface JoinSummary {
  readonly join: string;
  readonly pairs: number;
  /** Of `pairs`: their difference lies within the error of the clocks. */
  readonly withinError: number;
  /** Events without any partner. */
  readonly unmatchedLeft: number;
  readonly unmatchedRight: number;
  /** Given up before their window was over: too many waited. */
  readonly evicted: number;
  /** Events whose key so many others had that not all pairs with them were made. */
  readonly crowded: number;
  /** Why it means nothing in this program. */
  readonly fault?: string;
}

interface Waiting {
  readonly event: Joined;
  readonly key: string;
  matched: boolean;
}

class Side {
  readonly byKey = new Map<string, Waiting[]>();
  queue: Waiting[] = [];
  first = 0;
  unmatched = 0;

  add(waiting: Waiting): void {
    const same = this.byKey.get(waiting.key);
    if (same === undefined) this.byKey.set(waiting.key, [waiting]);
    else same.push(waiting);
    this.queue.push(waiting);
  }

  get size(): number {
    return this.queue.length - this.first;
  }

  /** Takes the oldest out. */
  drop(): Waiting | undefined {
    const oldest = this.queue[this.first];
    if (oldest === undefined) return undefined;
    this.first += 1;
    if (this.first > 1_024 && this.first * 2 > this.queue.length) {
      this.queue = this.queue.slice(this.first);
      this.first = 0;
    }
    const rest = this.byKey.get(oldest.key)?.filter((other) => other !== oldest) ?? [];
    if (rest.length > 0) this.byKey.set(oldest.key, rest);
    else this.byKey.delete(oldest.key);
    if (!oldest.matched) this.unmatched += 1;
    return oldest;
  }

  get waitingUnmatched(): number {
    let count = 0;
    for (let at = this.first; at < this.queue.length; at += 1) {
      if (this.queue[at]?.matched === false) count += 1;
    }
    return count;
  }
}

export class JoinMatcher {
  readonly definition: JoinDefinition;
  readonly #max: number;
  /** Both sides are the same events with the same key. */
  readonly #isMirrored: boolean;
  readonly #left = new Side();
  readonly #right = new Side();
  #latestNs = 0n;
  #pairs = 0;
  #withinError = 0;
  #evicted = 0;
  #crowded = 0;

  constructor(definition: JoinDefinition, max: number = MAX_WAITING_EVENTS) {
    const { left, right } = definition;
    this.definition = definition;
    this.#max = max;
    this.#isMirrored = left.label === right.label && left.fields.join() === right.fields.join();
  }

  /** The pairs that it completes. */
  take(event: Joined, isLeft: boolean, isRight: boolean): readonly Pair[] {
    const { left, right } = this.definition;
    if (event.unixNs > this.#latestNs) this.#latestNs = event.unixNs;
    const pairs: Pair[] = [];
    const asLeft = isLeft ? waitingOf(event, left) : undefined;
    const asRight = isRight ? waitingOf(event, right) : undefined;
    if (asLeft !== undefined && this.#isMirrored) {
      this.#pairUp(asLeft, this.#left, pairs, (other) => [other, asLeft]);
      this.#left.add(asLeft);
    } else {
      if (asLeft !== undefined)
        this.#pairUp(asLeft, this.#right, pairs, (other) => [asLeft, other]);
      if (asRight !== undefined)
        this.#pairUp(asRight, this.#left, pairs, (other) => [other, asRight]);
      if (asLeft !== undefined) this.#left.add(asLeft);
      if (asRight !== undefined) this.#right.add(asRight);
    }
    this.#forget();
    return pairs;
  }

  get summary(): JoinSummary {
    return {
      join: this.definition.text,
      pairs: this.#pairs,
      withinError: this.#withinError,
      unmatchedLeft: this.#left.unmatched + this.#left.waitingUnmatched,
      unmatchedRight: this.#right.unmatched + this.#right.waitingUnmatched,
      evicted: this.#evicted,
      crowded: this.#crowded,
    };
  }

  #pairUp(
    one: Waiting,
    others: Side,
    pairs: Pair[],
    sides: (other: Waiting) => readonly [Waiting, Waiting],
  ): void {
    const apart = this.#isMirrored;
    const same = others.byKey.get(one.key) ?? [];
    let made = 0;
    // The newest first: those that are too long ago come last.
    for (let at = same.length - 1; at >= 0; at -= 1) {
      const other = same[at];
      if (other === undefined) break;
      if (made >= MAX_PARTNERS || same.length - at > MAX_COMPARED) {
        this.#crowded += 1;
        break;
      }
      if (other.event === one.event || (apart && other.event.host === one.event.host)) continue;
      let [left, right] = sides(other);
      if (apart && isLater(left.event, right.event)) [left, right] = [right, left];
      const differenceNs = right.event.unixNs - left.event.unixNs;
      if (magnitude(differenceNs) > this.definition.withinNs) continue;
      made += 1;
      one.matched = true;
      other.matched = true;
      const pair = pairOf(this.definition.text, left.event, right.event, differenceNs);
      this.#pairs += 1;
      if (pair.withinError) this.#withinError += 1;
      pairs.push(pair);
    }
  }

  #forget(): void {
    const horizonNs = this.#latestNs - this.definition.withinNs - KEEP_NS;
    for (const side of [this.#left, this.#right]) {
      for (;;) {
        const oldest = side.queue[side.first];
        if (oldest === undefined) break;
        const isOver = oldest.event.unixNs < horizonNs;
        if (!isOver && side.size <= this.#max) break;
        if (oldest.event.unixNs >= this.#latestNs - this.definition.withinNs) this.#evicted += 1;
        side.drop();
      }
    }
  }
}

function waitingOf(event: Joined, { fields }: JoinSide): Waiting | undefined {
  const values = fields.map((field) => fieldOf(event, field));
  if (values.includes(undefined)) return undefined;
  const key = JSON.stringify(values.map((value) => fieldText(value ?? '')));
  return { event, key, matched: false };
}

function pairOf(join: string, left: Joined, right: Joined, differenceNs: bigint): Pair {
  const errorNs = left.host === right.host ? 0 : left.errorNs + right.errorNs;
  const withinError = errorNs > 0 && magnitude(differenceNs) <= BigInt(Math.ceil(errorNs));
  return { join, left, right, differenceNs, errorNs, withinError };
}

/** A pair of equals has one order, however they came. */
function isLater(a: Joined, b: Joined): boolean {
  if (a.unixNs !== b.unixNs) return a.unixNs > b.unixNs;
  return a.host > b.host;
}

function magnitude(ns: bigint): bigint {
  return ns < 0n ? -ns : ns;
}
