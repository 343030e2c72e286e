/**
 * What only the owner of a session does: it writes the entry, and records the session in the store. One that has looked
 * on before records first what the view has already.
 */
import type { Schema, SessionInfo } from '@bpfleet/protocol';
import type { RecordedFrame, SessionRecorder } from '../store/recorder.ts';
import type { Store } from '../store/store.ts';
import { EntryWriter, type EntryWriterOptions } from './entry-writer.ts';
import { RunnerSequences } from './runner-sequences.ts';

export class Ownership {
  readonly entry: EntryWriter;
  readonly #session: string;
  readonly #store: Store;
  /** Which frames among those that the view has had are to be recorded. */
  readonly #earlier = new RunnerSequences();
  #recorder: SessionRecorder | undefined;

  constructor(session: string, store: Store, options: EntryWriterOptions) {
    this.#session = session;
    this.#store = store;
    this.entry = new EntryWriter(options);
  }

  /** @param isNew the session has no rows to be asked for, and need not wait for those that others are writing */
  async prepare(isNew: boolean): Promise<void> {
    this.#recorder = isNew
      ? this.#store.newRecorder(this.#session)
      : await this.#store.recorder(this.#session);
  }

  /** Of a frame that the view takes now. */
  async record(frame: RecordedFrame): Promise<void> {
    await this.#recorder?.record(frame);
  }

  /** Of a frame that the view has had before this coordinator became the owner. */
  async recordEarlier(frame: RecordedFrame): Promise<void> {
    if (this.#earlier.admits(frame.header)) await this.record(frame);
  }

  /** Resolves when the store has everything that was recorded, and this result. */
  async store(info: SessionInfo, schemas: Readonly<Record<string, Schema>>): Promise<void> {
    await this.#store.putSession(info, schemas);
    await this.#store.flush();
  }
}
