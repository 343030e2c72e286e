/**
 * The enters that wait for their exits, of all spans of a session: bounded, the oldest is given up. Where events of a
 * host were lost, those that are open there are in doubt.
 */
import type { CorrelatedEvent } from './correlated-event.ts';

export const MAX_OPEN_SPANS = 100_000;

export interface OpenSpan {
  readonly enter: CorrelatedEvent;
  readonly depth: number;
  /** How many losses of its host there had been; -1 where it began in doubt. */
  readonly losses: number;
  readonly counts: Counts;
  readonly key: string;
  closed: boolean;
}

/** Of one definition. */
interface Counts {
  open: number;
  evicted: number;
}

interface OpenOnHost {
  losses: number;
  /** Up to this time events may be missing. */
  doubtUntilNs: bigint;
  readonly stacks: Map<string, OpenSpan[]>;
  /** By thread, how many are open, those in doubt left out. */
  readonly depths: Map<number, number>;
}

export class OpenSpans {
  readonly #max: number;
  readonly #hosts = new Map<string, OpenOnHost>();
  /** Oldest first; those closed are taken out when they come to the front. */
  #queue: OpenSpan[] = [];
  #first = 0;
  #size = 0;

  constructor(max: number = MAX_OPEN_SPANS) {
    this.#max = max;
  }

  push(enter: CorrelatedEvent, key: string, counts: Counts): void {
    const host = this.#host(enter.host);
    const doubtful = enter.unixNs <= host.doubtUntilNs;
    const depth = host.depths.get(enter.tid) ?? 0;
    if (!doubtful) host.depths.set(enter.tid, depth + 1);
    const losses = doubtful ? -1 : host.losses;
    const begun: OpenSpan = { enter, depth, losses, counts, key, closed: false };
    const stack = host.stacks.get(key);
    if (stack === undefined) host.stacks.set(key, [begun]);
    else stack.push(begun);
    counts.open += 1;
    this.#size += 1;
    this.#queue.push(begun);
    if (this.#size > this.#max) this.#evict();
  }

  /** The innermost. */
  pop(hostName: string, key: string): OpenSpan | undefined {
    const host = this.#host(hostName);
    const stack = host.stacks.get(key);
    const begun = stack?.pop();
    if (begun === undefined) return undefined;
    if (stack?.length === 0) host.stacks.delete(key);
    this.#close(begun, host);
    return begun;
  }

  /** Events of the host after the first of these times, up to the second, may be missing. */
  lose(hostName: string, toNs: bigint): void {
    const host = this.#host(hostName);
    host.losses += 1;
    if (toNs > host.doubtUntilNs) host.doubtUntilNs = toNs;
    host.depths.clear();
  }

  isDoubtful(begun: OpenSpan, exit: CorrelatedEvent): boolean {
    const host = this.#host(exit.host);
    return begun.losses !== host.losses || exit.unixNs <= host.doubtUntilNs;
  }

  #close(begun: OpenSpan, host: OpenOnHost): void {
    begun.closed = true;
    begun.counts.open -= 1;
    this.#size -= 1;
    this.#trim();
    if (begun.losses !== host.losses) return;
    const { tid } = begun.enter;
    const depth = (host.depths.get(tid) ?? 1) - 1;
    if (depth > 0) host.depths.set(tid, depth);
    else host.depths.delete(tid);
  }

  #evict(): void {
    this.#trim();
    const oldest = this.#queue[this.#first];
    if (oldest === undefined) return;
    const host = this.#host(oldest.enter.host);
    const stack = host.stacks.get(oldest.key)?.filter((other) => other !== oldest) ?? [];
    if (stack.length > 0) host.stacks.set(oldest.key, stack);
    else host.stacks.delete(oldest.key);
    this.#close(oldest, host);
    oldest.counts.evicted += 1;
  }

  #trim(): void {
    while (this.#queue[this.#first]?.closed === true) this.#first += 1;
    if (this.#first < 1_024 && this.#queue.length < 4 * this.#max) return;
    const isMostlyClosed = this.#queue.length > 2 * this.#size + 1_024;
    if (this.#first * 2 < this.#queue.length && !isMostlyClosed) return;
    this.#queue = this.#queue.filter(({ closed }) => !closed);
    this.#first = 0;
  }

  #host(name: string): OpenOnHost {
    let host = this.#hosts.get(name);
    if (host === undefined) {
      host = { losses: 0, doubtUntilNs: -1n, stacks: new Map(), depths: new Map() };
      this.#hosts.set(name, host);
    }
    return host;
  }
}
