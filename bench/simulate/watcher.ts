/** Reads a session's stream as a terminal does, and notes when each round of each host is first seen. */
import { decodeJson, type StreamItem } from '@bpfleet/protocol';
import type { Load } from './load.ts';

export class Watcher {
  readonly #load: Load;
  /** By host, when the stream stored each of its rounds that has not been seen. */
  readonly #storedMs = new Map<number, Map<number, number>>();
  /** From the stream having a frame to a reader seeing it, milliseconds. */
  readonly latenciesMs: number[] = [];
  /** Lines that this reader was too slow for. */
  unread = 0;

  constructor(load: Load) {
    this.#load = load;
  }

  stored(host: number, round: number): void {
    let rounds = this.#storedMs.get(host);
    if (rounds === undefined) this.#storedMs.set(host, (rounds = new Map()));
    rounds.set(round, performance.now());
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
    const now = performance.now();
    if (message.includes('"kind":"lost-events"')) {
      const item = decodeJson(message) as StreamItem;
      if (item.kind === 'output' && item.item.kind === 'lost-events')
        this.unread += item.item.count;
    }
    for (const { host, round } of this.#load.seen(message)) this.#see(host, round, now);
    if (!message.startsWith('{"kind":"result"')) return undefined;
    return decodeJson(message) as StreamItem & { readonly kind: 'result' };
  }

  #see(host: number, round: number, now: number): void {
    const rounds = this.#storedMs.get(host);
    for (const [earlier, storedMs] of rounds ?? []) {
      if (earlier > round) continue;
      rounds?.delete(earlier);
      this.latenciesMs.push(now - storedMs);
    }
  }
}
