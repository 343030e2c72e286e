/** How long a thread printed nothing: the time from one event of a thread to its next, whichever sessions they are of. */
import type { CorrelatedEvent } from './correlated-event.ts';

const MAX_THREADS = 100_000;

export class ThreadGaps {
  readonly #last = new Map<string, bigint>();

  /** Undefined for the first event of a thread; events come in order of time. */
  gapBefore({ host, pid, tid, unixNs }: CorrelatedEvent): bigint | undefined {
    const thread = `${host} ${pid} ${tid}`;
    const before = this.#last.get(thread);
    // The threads that printed last stay.
    this.#last.delete(thread);
    this.#last.set(thread, unixNs);
    if (this.#last.size > MAX_THREADS) {
      for (const oldest of this.#last.keys()) {
        this.#last.delete(oldest);
        break;
      }
    }
    return before === undefined ? undefined : unixNs - before;
  }
}
