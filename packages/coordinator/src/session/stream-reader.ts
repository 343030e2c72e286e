/** Reads one session's part of the stream from its beginning, and from the beginning once more where that is asked for. */
import type { Logger } from 'pino';
import type { Broker, Subscription } from '../nats/broker.ts';
import type { SessionMessage } from '../nats/session-message.ts';
import { Signal } from './signal.ts';

const RETRY_AFTER_MS = 250;

export interface StreamReaderParts {
  readonly broker: Broker;
  readonly session: string;
  /** Called before the first message. `isNew`: the stream has none yet. */
  readonly prepare: (isNew: boolean) => Promise<void>;
  readonly receive: (message: SessionMessage) => Promise<void>;
  readonly log: Logger;
}

export class StreamReader {
  readonly #parts: StreamReaderParts;
  readonly #closed = new Signal();
  #subscription: Subscription | undefined;
  /** One opening after the other. */
  #opening: Promise<void> = Promise.resolve();
  /** The stream up to here was written before it was opened. */
  #writtenBefore = 0;
  #ended = false;

  constructor(parts: StreamReaderParts) {
    this.#parts = parts;
  }

  /** Resolves when messages begin to come. @throws while the broker is away */
  async open(): Promise<void> {
    this.#opening = this.#open();
    await this.#opening;
  }

  /** Begins anew, again and again while the broker is away. */
  reopen(): void {
    this.#opening = this.#opening.then(async () => this.#reopen());
  }

  /** Everything that was there at the opening has come with this message. */
  isLastOfOld(streamSequence: number): boolean {
    return streamSequence >= this.#writtenBefore;
  }

  /** No more messages, without waiting for the one that is being received. */
  end(): void {
    this.#ended = true;
    void this.#subscription?.close();
  }

  async close(): Promise<void> {
    this.#closed.give();
    await this.#opening;
    await this.#subscription?.close();
  }

  async #open(): Promise<void> {
    const { broker, session, prepare, receive } = this.#parts;
    this.#writtenBefore = await broker.lastSequence(session);
    await prepare(this.#writtenBefore === 0);
    this.#subscription = await broker.follow(session, receive);
    // It may have ended with the first messages.
    if (this.#ended) void this.#subscription.close();
  }

  async #reopen(): Promise<void> {
    while (!this.#closed.isGiven) {
      try {
        await this.#subscription?.close();
        return await this.#open();
      } catch (error) {
        this.#parts.log.warn({ err: error }, 'read the stream, trying again');
        const retry = new Promise<void>((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
        await Promise.race([retry, this.#closed.given]);
      }
    }
  }
}
