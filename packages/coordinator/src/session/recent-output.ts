/** What a session printed last, for readers that come from another coordinator and have had a part of it. */
import type { OutputItem } from '@bpfleet/protocol';

const MAX_ITEMS = 20_000;

export interface OutputSince {
  readonly items: readonly OutputItem[];
  /** Nothing later than that time is missing. */
  readonly complete: boolean;
}

export class RecentOutput {
  readonly #items: OutputItem[] = [];
  /** Nothing after this time has been dropped. */
  #droppedUpTo = -1n;

  add(items: readonly OutputItem[]): void {
    for (const item of items) this.#items.push(item);
    // Not one by one: moving the rest is dear.
    if (this.#items.length < 2 * MAX_ITEMS) return;
    for (const item of this.#items.splice(0, this.#items.length - MAX_ITEMS)) {
      const unixNs = timeOf(item);
      if (unixNs !== undefined && unixNs > this.#droppedUpTo) this.#droppedUpTo = unixNs;
    }
  }

  /** In the order in which it was printed. */
  since(unixNs: bigint): OutputSince {
    const items = this.#items.filter((item) => (timeOf(item) ?? unixNs) > unixNs);
    return { items, complete: this.#droppedUpTo <= unixNs };
  }
}

function timeOf(item: OutputItem): bigint | undefined {
  return 'unixNs' in item ? item.unixNs : undefined;
}
