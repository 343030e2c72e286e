/**
 * A session's frames on their way to the store, each once and in the stream's order. While the store takes nothing,
 * or less than hosts send, they are left in the stream, and read from there again when it does: live results need not
 * wait, and no memory fills.
 */
import type { Logger } from 'pino';
import type { Subscription } from '../nats/broker.ts';
import type { SessionMessage } from '../nats/session-message.ts';
import type { RecordedFrame } from '../store/recorded-frame.ts';
import type { SessionRecorder } from '../store/recorder.ts';
import type { Store } from '../store/store.ts';
import type { LiveFirst } from './live-first.ts';
import { RunnerSequences } from './runner-sequences.ts';

export interface StoreFeedSources {
  readonly recorder: SessionRecorder;
  readonly store: Pick<Store, 'stuckWith' | 'flowing'>;
  /** Reads the session's part of the stream, from a sequence on. */
  readonly follow: (
    receive: (message: SessionMessage) => Promise<void>,
    from: number,
  ) => Promise<Subscription>;
  /** Undefined for what is no frame of this session. */
  readonly read: (message: SessionMessage) => RecordedFrame | undefined;
  /** Sequence of the last message that the stream holds of the session. */
  readonly lastSequence: () => Promise<number>;
  /** So many frames were gone from the stream before the store had room for them. */
  readonly onLost: (frames: number) => void;
  readonly live: LiveFirst;
  readonly log: Logger;
}

const RETRY_AFTER_MS = 1_000;
/** A store that has had no room for so long falls behind. */
const ROOM_PATIENCE_MS = 100;
/** How often it is looked whether what waits in the stream is still there. */
const LOOK_EVERY_MS = 5_000;

/** What was left in the stream. */
interface Behind {
  readonly from: number;
  upTo: number;
  /** How many they are that have not been read again. */
  frames: number;
}

export class StoreFeed {
  readonly #sources: StoreFeedSources;
  readonly #sequences = new RunnerSequences();
  #behind: Behind | undefined;
  #caughtUp: Promise<void> = Promise.resolve();
  /** The store has had no room for the last frame that it was given. */
  #full = false;
  #closed = false;

  constructor(sources: StoreFeedSources) {
    this.#sources = sources;
  }

  /** Frames that wait in the stream for the store. */
  get waiting(): number {
    return this.#behind?.frames ?? 0;
  }

  /** Takes the next frame of the stream. Resolves when there is room for more, or the store falls behind. */
  async take(recorded: RecordedFrame): Promise<void> {
    const { streamSequence } = recorded;
    if (this.#behind !== undefined) {
      this.#behind.upTo = streamSequence;
      this.#behind.frames += 1;
    } else if (
      this.#full ||
      this.#sources.live.isFarBehind ||
      this.#sources.store.stuckWith !== undefined
    ) {
      this.#behind = { from: streamSequence, upTo: streamSequence, frames: 1 };
      this.#caughtUp = this.#catchUp(this.#behind);
    } else {
      await this.#recordPatiently(recorded);
    }
  }

  async #recordPatiently(recorded: RecordedFrame): Promise<void> {
    let waiting: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      waiting = setTimeout(() => {
        this.#full = true;
        resolve();
      }, ROOM_PATIENCE_MS);
    });
    const done = this.#record(recorded).finally(() => {
      clearTimeout(waiting);
      this.#full = false;
    });
    await Promise.race([done, patience]);
  }

  /** Resolves when nothing waits in the stream. */
  async settled(): Promise<void> {
    await this.#caughtUp;
  }

  /** Nothing more comes. */
  async finish(): Promise<void> {
    await this.#sources.recorder.finish();
  }

  close(): void {
    this.#closed = true;
  }

  async #catchUp(behind: Behind): Promise<void> {
    const { store, log } = this.#sources;
    const place = { next: behind.from };
    while (!this.#closed && this.#behind !== undefined) {
      await store.flowing();
      try {
        await this.#readAgain(behind, place);
      } catch (error) {
        log.warn({ err: error }, 'read the stream again for the store');
        await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
      }
    }
  }

  async #readAgain(behind: Behind, place: { next: number }): Promise<void> {
    const { store, follow, live, lastSequence } = this.#sources;
    let look: NodeJS.Timeout | undefined;
    let subscription: Promise<Subscription> | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        let workedMs = 0;
        subscription = follow(async (message) => {
          if (this.#closed || this.#behind === undefined) return resolve();
          await store.flowing();
          await live.turn(workedMs);
          const startMs = performance.now();
          place.next = message.streamSequence + 1;
          await this.#recordMessage(message, behind);
          workedMs = performance.now() - startMs;
          if (message.streamSequence < behind.upTo) return;
          this.#settle(behind);
          resolve();
        }, place.next);
        subscription.catch(reject);
        look = setInterval(() => {
          lastSequence()
            .then((last) => {
              if (!this.#closed && last >= behind.upTo) return;
              this.#settle(behind);
              resolve();
            })
            .catch(() => undefined);
        }, LOOK_EVERY_MS);
      });
    } finally {
      clearInterval(look);
      await (await subscription)?.close();
    }
  }

  /** Everything that was left in the stream has been read again, or is not there any more. */
  #settle(behind: Behind): void {
    if (this.#behind !== behind) return;
    this.#behind = undefined;
    if (behind.frames > 0 && !this.#closed) this.#sources.onLost(behind.frames);
  }

  async #recordMessage(message: SessionMessage, behind: Behind): Promise<void> {
    if (message.kind !== 'data') return;
    const { read, recorder } = this.#sources;
    const recorded = read(message);
    if (recorded !== undefined && !this.#sequences.admits(recorded.header)) return;
    // Nothing is missing where a host has been left out since.
    behind.frames = Math.max(0, behind.frames - 1);
    if (recorded !== undefined) await recorder.record(recorded);
  }

  async #record(recorded: RecordedFrame): Promise<void> {
    if (this.#sequences.admits(recorded.header)) await this.#sources.recorder.record(recorded);
  }
}
