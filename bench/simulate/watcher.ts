/** Reads a session's stream as a terminal does, and notes when each round of each host is first seen. */
import { decodeJson, type StreamItem } from '@bpfleet/protocol';
import { wallMs, type StoredRound } from './host-messages.ts';
import type { Load } from './load.ts';

/** Of one host: the rounds that were seen, each later than the one before, and when. */
type SeenRounds = { readonly round: number; readonly atMs: number }[];

export class Watcher {
  readonly #load: Load;
  readonly #stored: StoredRound[] = [];
  readonly #seen = new Map<number, SeenRounds>();
  /** Lines that this reader was too slow for. */
  unread = 0;

  constructor(load: Load) {
    this.#load = load;
  }

  stored(rounds: readonly StoredRound[]): void {
    for (const round of rounds) this.#stored.push(round);
  }

  /** How many rounds the stream has of a host. */
  rounds(hosts: number): number[] {
    const counts = Array.from({ length: hosts }, () => 0);
    for (const { host, round } of this.#stored)
      counts[host] = Math.max(counts[host] ?? 0, round + 1);
    return counts;
  }

  /** Frames or lines that the stream had by then. */
  storedBefore(atMs: number): number {
    return this.#stored.reduce((sum, { atMs: at, units }) => (at <= atMs ? sum + units : sum), 0);
  }

  /** From when rounds were due until the stream had them, milliseconds: how far the hosts themselves are behind. */
  latenessMs(): readonly number[] {
    return this.#stored.map(({ lateMs }) => lateMs);
  }

  /** From the stream having a frame to a reader seeing it, milliseconds. */
  latenciesMs(): readonly number[] {
    return this.#stored.flatMap(({ host, round, atMs }) => {
      const seen = firstFrom(this.#seen.get(host) ?? [], round);
      return seen === undefined ? [] : [Math.max(0, seen.atMs - atMs)];
    });
  }

  /** Resolves with the result. */
  async follow(url: string): Promise<StreamItem & { readonly kind: 'result' }> {
    const response = await fetch(url);
    if (response.body === null || response.status !== 200) throw new Error(`follow ${url}`);
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      let begin = 0;
      for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n', begin)) {
        const message = text.slice(begin, end);
        begin = end + 2;
        const result = message.startsWith('data: ') ? this.#take(message.slice(6)) : undefined;
        if (result !== undefined) return result;
      }
      text = text.slice(begin);
    }
    throw new Error(`${url} ended without a result`);
  }

  #take(message: string): (StreamItem & { readonly kind: 'result' }) | undefined {
    const now = wallMs();
    if (message.includes('"kind":"lost-events"')) {
      const item = decodeJson(message) as StreamItem;
      if (item.kind === 'output' && item.item.kind === 'lost-events')
        this.unread += item.item.count;
    }
    for (const { host, round } of this.#load.seen(message)) this.#see(host, round, now);
    if (!message.startsWith('{"kind":"result"')) return undefined;
    return decodeJson(message) as StreamItem & { readonly kind: 'result' };
  }

  #see(host: number, round: number, atMs: number): void {
    let rounds = this.#seen.get(host);
    if (rounds === undefined) this.#seen.set(host, (rounds = []));
    if ((rounds.at(-1)?.round ?? -1) < round) rounds.push({ round, atMs });
  }
}

/** The first that is this round or a later one. */
function firstFrom(rounds: SeenRounds, round: number): SeenRounds[number] | undefined {
  let low = 0;
  let high = rounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rounds[middle]?.round ?? 0) < round) low = middle + 1;
    else high = middle;
  }
  return rounds[low];
}
