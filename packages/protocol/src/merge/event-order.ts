/** Items of many hosts put in order of time; what comes after its time has been released comes out with the next. */
import type { OutputItem } from '../render/output-item.ts';
import { WAITING_ITEM_UNITS } from './bounds.ts';

/** Whose items they are, where what waits is to be bounded. */
export interface ItemOwner {
  waitingUnits: number;
  admitsWaiting(units: number): boolean;
}

interface Waiting {
  readonly unixNs: bigint;
  readonly item: OutputItem;
  readonly owner: ItemOwner | undefined;
  readonly units: number;
}

export class EventOrder {
  #waiting: Waiting[] = [];
  /** They came in order of time, as those of one host mostly do. */
  #inOrder = true;

  /** An item for which its owner has no room is dropped. */
  add(item: OutputItem, unixNs: bigint, owner?: ItemOwner): void {
    const units = WAITING_ITEM_UNITS + ('text' in item ? item.text.length : 0);
    if (owner?.admitsWaiting(units) === false) return;
    if (owner !== undefined) owner.waitingUnits += units;
    const last = this.#waiting.at(-1);
    if (last !== undefined && last.unixNs > unixNs) this.#inOrder = false;
    this.#waiting.push({ unixNs, item, owner, units });
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** Items before that time, or all; those of one time in the order they came in. */
  release(beforeUnixNs?: bigint): OutputItem[] {
    const due = this.#takeDue(beforeUnixNs);
    if (!this.#inOrder)
      due.sort((a, b) => (a.unixNs < b.unixNs ? -1 : a.unixNs > b.unixNs ? 1 : 0));
    if (this.#waiting.length === 0) this.#inOrder = true;
    return due.map(({ item, owner, units }) => {
      if (owner !== undefined) owner.waitingUnits -= units;
      return item;
    });
  }

  #takeDue(beforeUnixNs: bigint | undefined): Waiting[] {
    const all = this.#waiting;
    if (all.length === 0) return [];
    this.#waiting = [];
    if (beforeUnixNs === undefined) return all;
    const due: Waiting[] = [];
    for (const waiting of all) (waiting.unixNs < beforeUnixNs ? due : this.#waiting).push(waiting);
    return due;
  }
}
