/**
 * What only the owner of a session does: it writes the entry, and records the session in the store.
 */
import type { Coverage, RunRequest } from '@bpfleet/protocol';
import { correlationOf } from '../correlation/requested.ts';
import type { RecordedFrame } from '../store/recorded-frame.ts';
import type { SessionRecord } from '../store/session-rows.ts';
import type { Store } from '../store/store.ts';
import { EntryWriter, type EntryWriterOptions } from './entry-writer.ts';
import { StoreFeed, type StoreFeedSources } from './store-feed.ts';

export type OwnershipOptions = EntryWriterOptions &
  Pick<StoreFeedSources, 'follow' | 'read' | 'lastSequence' | 'live'> & {
    readonly request: RunRequest;
  };

export class Ownership {
  readonly entry: EntryWriter;
  readonly #session: string;
  readonly #store: Store;
  readonly #options: OwnershipOptions;
  #feed: StoreFeed | undefined;

  constructor(session: string, store: Store, options: OwnershipOptions) {
    this.#session = session;
    this.#store = store;
    this.#options = options;
    this.entry = new EntryWriter(options);
  }

  /** @param isNew the session has no rows to be asked for, and need not wait for those that others are writing */
  async prepare(isNew: boolean): Promise<void> {
    const store = this.#store;
    const correlation = correlationOf(this.#options.request);
    const recorder = isNew
      ? store.newRecorder(this.#session, correlation)
      : await store.recorder(this.#session, correlation);
    const onLost = (frames: number): void => store.noteLost(this.#session, frames);
    this.#feed?.close();
    this.#feed = new StoreFeed({ ...this.#options, recorder, store, onLost });
  }

  /** Frames may come that have been recorded before. */
  async record(frame: RecordedFrame): Promise<void> {
    await this.#feed?.take(frame);
  }

  /** What the store has not yet, and why, if there is anything. */
  get unstored(): Coverage['unstored'] {
    const frames = this.#feed?.waiting ?? 0;
    const reason = this.#store.stuckWith;
    if (reason !== undefined) return { frames, reason };
    return frames > 0 ? { frames } : undefined;
  }

  /** Resolves when the store has everything that was recorded, and this result, however long it is away. */
  async store(record: () => SessionRecord): Promise<void> {
    await this.#feed?.settled();
    await this.#feed?.finish();
    await this.note(record());
    await this.#store.flush();
  }

  /** The store learns how far the session is. */
  async note(record: SessionRecord): Promise<void> {
    const { request } = this.#options;
    await this.#store.putSession({ ...record, request }, this.entry.revision);
  }

  async close(): Promise<void> {
    this.#feed?.close();
    await this.entry.close();
  }
}
