/** The readers of one session's live stream. A reader that throws is dropped; none can disturb the others. */
import type { StreamItem } from '@bpfleet/protocol';

export type Deliver = (item: StreamItem) => void;

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

  send(item: StreamItem): void {
    for (const deliver of this.#deliver) {
      try {
        deliver(item);
      } catch {
        this.#deliver.delete(deliver);
      }
    }
  }
}
