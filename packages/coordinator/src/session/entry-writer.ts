/** Writes a session's KV entry, which is what its agents obey: the newest state, tried again while the broker is away. */
import type { Logger } from 'pino';

const RETRY_AFTER_MS = 250;

export class EntryWriter {
  readonly #write: (body: string) => Promise<void>;
  readonly #log: Logger;
  readonly #retryAfterMs: number;
  #unwritten: string | undefined;
  #writing: Promise<void> | undefined;
  #closed = false;

  /** @param write rejects when the broker has not taken it */
  constructor(
    write: (body: string) => Promise<void>,
    log: Logger,
    retryAfterMs: number = RETRY_AFTER_MS,
  ) {
    this.#write = write;
    this.#log = log;
    this.#retryAfterMs = retryAfterMs;
  }

  /** Replaces what could not be written yet. */
  put(body: string): void {
    this.#unwritten = body;
    this.#writing ??= this.#run();
  }

  /** Resolves when what is under way has been written, or has failed once more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
  }

  async #run(): Promise<void> {
    let failures = 0;
    for (let body = this.#unwritten; body !== undefined; body = this.#unwritten) {
      try {
        await this.#write(body);
        if (this.#unwritten === body) this.#unwritten = undefined;
      } catch (error) {
        failures += 1;
        if (failures === 1) this.#log.warn({ err: error }, 'write session, trying again');
        if (this.#closed) break;
        await new Promise((resolve) => setTimeout(resolve, this.#retryAfterMs));
      }
    }
    this.#writing = undefined;
  }
}
