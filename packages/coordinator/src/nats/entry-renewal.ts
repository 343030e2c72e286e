/**
 * Gives the orders that this process has written once more before they expire, as long as nobody else has written them
 * since: while a coordinator lives its orders stand, and without one they end by themselves.
 */
import { isToBeRenewed } from '@bpfleet/protocol/seal';

export interface WrittenEntry {
  readonly body: string;
  readonly revision: number;
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
}

const LOOK_MS = 15_000;

export class EntryRenewal {
  readonly #write: (id: string, body: string, revision: number) => Promise<unknown>;
  readonly #written = new Map<string, WrittenEntry>();
  readonly #timer: NodeJS.Timeout;

  /** @param write replaces a revision, and calls `wrote` */
  constructor(write: (id: string, body: string, revision: number) => Promise<unknown>) {
    this.#write = write;
    this.#timer = setInterval(() => void this.renew(Date.now()), LOOK_MS);
    this.#timer.unref();
  }

  wrote(id: string, entry: WrittenEntry): void {
    this.#written.set(id, entry);
  }

  /** Somebody else has written it if this is a later revision. */
  saw(id: string, revision: number): void {
    if (revision > (this.#written.get(id)?.revision ?? Infinity)) this.#written.delete(id);
  }

  forget(id: string): void {
    this.#written.delete(id);
  }

  /** @param nowMs Unix milliseconds */
  async renew(nowMs: number): Promise<void> {
    for (const [id, entry] of this.#written) {
      if (!isToBeRenewed(entry.expiresAtMs, nowMs)) continue;
      try {
        await this.#write(id, entry.body, entry.revision);
      } catch {
        // Others have written it, which the watch tells, or the server is away, and it is tried again.
      }
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
