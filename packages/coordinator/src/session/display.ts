/** What the readers of a session see: what it prints in order, its maps once a second, its state when that changes. */
import type { HistoryResult, OutputItem, SessionInfo, StreamItem } from '@bpfleet/protocol';
import type { SessionView } from './session-view.ts';
import { RecentOutput } from './recent-output.ts';
import { printedTogether, Subscribers, type Deliver } from './subscribers.ts';

const LIVE_EVERY_MS = 1_000;
/** What passes sooner need not be told. */
const CUT_OFF_AFTER_MS = 3_000;
const CUT_OFF_AGAIN_MS = 5_000;
/** It names every host: of a thousand it goes out once a second at most. */
const INFO_EVERY_MS_PER_HOST = 1;
/** What hosts print waits so long for what others printed earlier: frames, the network, skew within the clock error. */
const ORDER_DELAY_MS = 400;
/** After every time there is. */
const END_OF_TIME = 2n ** 64n;

export class Display {
  readonly #view: SessionView;
  readonly #info: () => SessionInfo;
  readonly #subscribers = new Subscribers();
  readonly #recent = new RecentOutput();
  #infoChanged = false;
  #mapsChanged = false;
  #storeIsBehind = false;
  /** When readers are to be told that this coordinator hears nothing. */
  #tellCutOffAtMs: number | undefined;
  #lastLiveMs = 0;
  #lastInfoMs = 0;
  #finished = false;

  constructor(view: SessionView, info: () => SessionInfo) {
    this.#view = view;
    this.#info = info;
  }

  infoChanged(): void {
    this.#infoChanged = true;
  }

  mapsChanged(): void {
    this.#mapsChanged = true;
  }

  /**
   * Begins with the state and the maps so far, or with the result if there is one already.
   *
   * @param sinceNs fleet time, Unix nanoseconds: what was printed after it comes too, as far as it is there
   */
  subscribe(deliver: Deliver, sinceNs?: bigint): () => void {
    const state: StreamItem = { kind: 'session', session: this.#info() };
    if (sinceNs !== undefined) {
      const { items, complete } = this.#recent.since(sinceNs);
      deliver([{ kind: 'resumed', complete }]);
      for (const some of printedTogether(items)) deliver(some);
    }
    if (this.#finished) {
      deliver([state, this.#resultItem()]);
      return () => undefined;
    }
    deliver([state, this.#liveItem()]);
    return this.#subscribers.add(deliver);
  }

  /**
   * Readers are told when this coordinator hears nothing, since they may do better with another one.
   *
   * @param atMs of the monotonic clock
   */
  noteCutOff(isCutOff: boolean, atMs: number): void {
    if (!isCutOff) {
      this.#tellCutOffAtMs = undefined;
      return;
    }
    this.#tellCutOffAtMs ??= atMs + CUT_OFF_AFTER_MS;
    if (atMs < this.#tellCutOffAtMs) return;
    this.#tellCutOffAtMs = atMs + CUT_OFF_AGAIN_MS;
    this.#subscribers.send({ kind: 'cut-off', reason: 'it cannot reach nats' });
  }

  /**
   * @param hosts how many take part: one alone has nobody to wait for
   * @param storeIsBehind it has not everything yet: readers are told when that changes
   */
  tick(nowMs: number, hosts: number, storeIsBehind: boolean): void {
    this.#infoChanged ||= storeIsBehind !== this.#storeIsBehind;
    this.#storeIsBehind = storeIsBehind;
    this.#print(this.#view.release(releaseBefore(nowMs, hosts), nowMs));
    if (this.#infoChanged && nowMs - this.#lastInfoMs >= hosts * INFO_EVERY_MS_PER_HOST) {
      this.#infoChanged = false;
      this.#lastInfoMs = nowMs;
      if (this.#subscribers.size > 0) {
        this.#subscribers.send({ kind: 'session', session: this.#info() });
      }
    }
    if (this.#mapsChanged && nowMs - this.#lastLiveMs >= LIVE_EVERY_MS) {
      this.#mapsChanged = false;
      this.#lastLiveMs = nowMs;
      if (this.#subscribers.size > 0) this.#subscribers.send(this.#liveItem());
    }
  }

  /** What is there now comes only to those who ask for it: readers of an earlier coordinator have had it. */
  skip(nowMs: number, hosts: number): void {
    this.#recent.add(this.#view.release(releaseBefore(nowMs, hosts), nowMs));
  }

  /** Prints what still waits; the result comes last. */
  flush(): void {
    this.#print(this.#view.flush());
  }

  finish(): void {
    this.#finished = true;
    this.#subscribers.send(this.#resultItem());
  }

  #print(items: readonly OutputItem[]): void {
    if (items.length === 0) return;
    this.#recent.add(items);
    this.#subscribers.print(items);
  }

  #liveItem(): StreamItem {
    return { kind: 'live', maps: this.#view.maps(), session: this.#info() };
  }

  #resultItem(): StreamItem {
    return { kind: 'result', maps: this.#view.maps(), session: this.#info() };
  }
}

/** As `Display.subscribe`, of a session that only the store knows. */
export function subscribeToEnded(
  { session, maps, output }: HistoryResult,
  deliver: Deliver,
  sinceNs?: bigint,
): () => void {
  if (sinceNs !== undefined) {
    const recent = new RecentOutput();
    recent.add(output);
    const { items, complete } = recent.since(sinceNs);
    deliver([{ kind: 'resumed', complete }]);
    for (const some of printedTogether(items)) deliver(some);
  }
  deliver([
    { kind: 'session', session },
    { kind: 'result', maps, session },
  ]);
  return () => undefined;
}

/** Fleet time before which nothing more is expected, nanoseconds. */
function releaseBefore(nowMs: number, hosts: number): bigint {
  return hosts === 1 ? END_OF_TIME : BigInt(nowMs - ORDER_DELAY_MS) * 1_000_000n;
}
