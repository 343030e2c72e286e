/**
 * Writes a session's KV entry, which is what its agents obey: the newest state, tried again while the broker is away.
 * Each write replaces the revision that this coordinator knows, so that one that owns the session no more cannot write.
 */
import type { Logger } from 'pino';
import { EntryChangedError } from '../nats/entry-bucket.ts';
import type { PagedText } from '../nats/paged-bucket.ts';

const RETRY_AFTER_MS = 250;

export interface EntryWriterOptions {
  /**
   * @returns the new revision
   * @throws {EntryChangedError} if `revision` is not the newest; anything else when the broker has not taken it
   */
  readonly write: (text: PagedText, revision: number) => Promise<number>;
  /** Looks why the entry has changed; the revision to replace then, or undefined where there is nothing to write. */
  readonly look: () => Promise<number | undefined>;
  /** Of the entry that the first write replaces; 0 where there is none. */
  readonly revision: number;
  readonly log: Logger;
  readonly retryAfterMs?: number;
}

export class EntryWriter {
  readonly #options: EntryWriterOptions;
  #revision: number;
  #unwritten: PagedText | undefined;
  #writing: Promise<void> | undefined;
  #closed = false;

  constructor(options: EntryWriterOptions) {
    this.#options = options;
    this.#revision = options.revision;
  }

  get revision(): number {
    return this.#revision;
  }

  /** The entry is known to have come to this revision without taking from this coordinator what it owns. */
  note(revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
  }

  /** Replaces what could not be written yet. */
  put(text: PagedText): void {
    if (this.#closed) return;
    this.#unwritten = text;
    this.#writing ??= this.#run();
  }

  /** Resolves when everything put so far has been written or given up. */
  async written(): Promise<void> {
    await this.#writing;
  }

  /** Resolves when what is under way has been written, or has failed once more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
  }

  async #run(): Promise<void> {
    let failures = 0;
    for (let text = this.#unwritten; text !== undefined; text = this.#unwritten) {
      try {
        if (!(await this.#write(text))) break;
      } catch (error) {
        failures += 1;
        if (failures === 1) this.#options.log.warn({ err: error }, 'write session, trying again');
        if (this.#closed) break;
        await new Promise((resolve) =>
          setTimeout(resolve, this.#options.retryAfterMs ?? RETRY_AFTER_MS),
        );
      }
    }
    this.#writing = undefined;
  }

  /** What is unwritten afterwards is to be written yet. False where there is nothing to write any more. */
  async #write(text: PagedText): Promise<boolean> {
    try {
      this.note(await this.#options.write(text, this.#revision));
      if (this.#unwritten === text) this.#unwritten = undefined;
      return true;
    } catch (error) {
      if (!(error instanceof EntryChangedError)) throw error;
    }
    const revision = await this.#options.look();
    if (revision === undefined || this.#closed) return false;
    this.note(revision);
    return true;
  }
}
