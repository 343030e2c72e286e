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
  readonly log: Logger;
}

const RETRY_AFTER_MS = 1_000;
/** A store that has had no room for so long falls behind. */
const ROOM_PATIENCE_MS = 100;

export class StoreFeed {
  readonly #sources: StoreFeedSources;
  readonly #sequences = new RunnerSequences();
  /** What was left in the stream: the last of it, and how many frames it may be. */
  #behind: { readonly from: number; upTo: number; frames: number } | undefined;
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
    } else if (this.#full || this.#sources.store.stuckWith !== undefined) {
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

  async #catchUp(behind: { readonly from: number; upTo: number; frames: number }): Promise<void> {
    const { store, follow, log } = this.#sources;
    let next = behind.from;
    while (!this.#closed && this.#behind !== undefined) {
      await store.flowing();
      try {
        await new Promise<void>((resolve, reject) => {
          const subscription = follow(async (message) => {
            if (this.#closed || this.#behind === undefined) return;
            await store.flowing();
            next = message.streamSequence + 1;
            await this.#recordMessage(message, behind);
            if (message.streamSequence < behind.upTo) return;
            this.#behind = undefined;
            subscription.then(async (opened) => opened.close()).then(resolve, reject);
          }, next);
          subscription.catch(reject);
        });
      } catch (error) {
        log.warn({ err: error }, 'read the stream again for the store');
        await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
      }
    }
  }

  async #recordMessage(message: SessionMessage, behind: { frames: number }): Promise<void> {
    if (message.kind !== 'data') return;
    const recorded = this.#sources.read(message);
    if (recorded === undefined) return;
    behind.frames = Math.max(0, behind.frames - 1);
    await this.#record(recorded);
  }

  async #record(recorded: RecordedFrame): Promise<void> {
    if (this.#sequences.admits(recorded.header)) await this.#sources.recorder.record(recorded);
  }
}
