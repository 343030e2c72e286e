/** Items of many hosts put in order of time; what comes after its time has been released comes out with the next. */
import type { OutputItem } from '../render/output-item.ts';

interface Waiting {
  readonly unixNs: bigint;
  readonly item: OutputItem;
}

export class EventOrder {
  #waiting: Waiting[] = [];

  add(item: OutputItem, unixNs: bigint): void {
    this.#waiting.push({ unixNs, item });
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** Items before that time, or all; those of one time in the order they came in. */
  release(beforeUnixNs?: bigint): OutputItem[] {
    const due =
      beforeUnixNs === undefined
        ? this.#waiting
        : this.#waiting.filter(({ unixNs }) => unixNs < beforeUnixNs);
    if (due.length === 0) return [];
    this.#waiting =
      beforeUnixNs === undefined
        ? []
        : this.#waiting.filter(({ unixNs }) => unixNs >= beforeUnixNs);
    due.sort((a, b) => (a.unixNs < b.unixNs ? -1 : a.unixNs > b.unixNs ? 1 : 0));
    return due.map(({ item }) => item);
  }
}
