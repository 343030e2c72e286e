/** The readers of one session's live stream. A reader that throws is dropped; none can disturb the others. */
import type { OutputItem, StreamItem } from '@bpfleet/protocol';

export type Deliver = (items: readonly StreamItem[]) => void;

/** So many items of output go to the readers at a time. */
const PRINT_TOGETHER = 1_000;

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

  print(items: readonly OutputItem[]): void {
    if (this.size === 0) return;
    for (const some of printedTogether(items)) this.send(...some);
  }
}

/** As readers get it, some at a time. */
export function* printedTogether(items: readonly OutputItem[]): Generator<readonly StreamItem[]> {
  for (let start = 0; start < items.length; start += PRINT_TOGETHER) {
    yield items.slice(start, start + PRINT_TOGETHER).map(printed);
  }
}

/** A printf's typed arguments are for the store: readers have its text. */
function printed(item: OutputItem): StreamItem {
  if (item.kind !== 'printf') return { kind: 'output', item };
  const { arguments: _arguments, event: _event, ...rest } = item;
  return { kind: 'output', item: rest };
}
