/** The readers of one session's live stream. A reader that throws is dropped; none can disturb the others. */
import type { StreamItem } from '@bpfleet/protocol';

export type Deliver = (items: readonly StreamItem[]) => void;

export class Subscribers {
  readonly #deliver = new Set<Deliver>();

  get size(): number {
    return this.#deliver.size;
  }

  /** Returns what ends the subscription. */
  add(deliver: Deliver): () => void {
    this.#deliver.add(deliver);
    return () => {
      this.#deliver.delete(deliver);
    };
  }

  send(...items: readonly StreamItem[]): void {
    if (items.length === 0) return;
    for (const deliver of this.#deliver) {
      try {
        deliver(items);
      } catch {
        this.#deliver.delete(deliver);
      }
    }
  }
}
