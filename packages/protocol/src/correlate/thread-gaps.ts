/** Events of threads one after the other, and the time that each thread was silent before each. */
import type { CorrelatedEvent } from './correlated-event.ts';

export class ThreadGaps {
  readonly #last = new Map<string, bigint>();

  /** Nanoseconds since the event before it on the same host, process and thread; undefined for the first. */
  take({ host, pid, tid, unixNs }: CorrelatedEvent): bigint | undefined {
    const thread = `${host} ${pid} ${tid}`;
    const before = this.#last.get(thread);
    this.#last.set(thread, unixNs);
    return before === undefined ? undefined : unixNs - before;
  }
}
