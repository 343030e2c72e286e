/**
 * Puts what comes from one host into the order of its clock. Two CPUs may send two events in another order than that
 * in which they happened, by microseconds; what is later than `SLACK_NS` comes as it comes.
 */

export const SLACK_NS = 1_000_000n;

interface Timed<T> {
  readonly unixNs: bigint;
  readonly value: T;
}

export class HostOrder<T> {
  readonly #waiting: Timed<T>[] = [];

  /** Those whose turn has come with it, in order; of one time in the order in which they came. */
  add(unixNs: bigint, value: T): readonly T[] {
    const waiting = this.#waiting;
    let at = waiting.length;
    while (at > 0 && (waiting[at - 1]?.unixNs ?? 0n) > unixNs) at -= 1;
    waiting.splice(at, 0, { unixNs, value });
    const last = waiting.at(-1)?.unixNs ?? unixNs;
    const due = waiting.findIndex((other) => other.unixNs > last - SLACK_NS);
    return due <= 0 ? [] : waiting.splice(0, due).map((other) => other.value);
  }

  /** Everything that waits. */
  settle(): readonly T[] {
    return this.#waiting.splice(0).map(({ value }) => value);
  }
}
