/**
 * This coordinator's lease on its sessions: an entry that it renews once a second. Unless it has just done so it must
 * not act, for others may have taken its sessions; and before it acts again it looks which of them it still has.
 */
import { encodeJson, parseCoordinatorInfo, type CoordinatorInfo } from '@bpfleet/protocol';
import type { Logger } from 'pino';
import { EntryChangedError, type EntryBucket } from '../nats/entry-bucket.ts';
import { Signal } from '../session/signal.ts';

const RENEW_MS = 1_000;
/** Shorter than what others wait for, so that this one has stopped when they begin. */
const HELD_MS = 2_000;

export class OwnLease {
  /** Resolves when another process turns out to use the same id: this one can own nothing any more. */
  readonly lost: Promise<void>;
  readonly #bucket: EntryBucket;
  readonly #log: Logger;
  readonly #lost = new Signal();
  #info: CoordinatorInfo;
  #revision = 0;
  /** When the renewal was sent that went through last; milliseconds of the monotonic clock. */
  #renewedMs = -Infinity;
  #regained = new Signal();
  #onRegained: () => Promise<void> = async () => Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #renewing: Promise<void> | undefined;
  #closed = false;

  private constructor(bucket: EntryBucket, info: CoordinatorInfo, log: Logger) {
    this.#bucket = bucket;
    this.#info = info;
    this.#log = log;
    this.lost = this.#lost.given;
  }

  /**
   * Takes the lease of this id, from an earlier process that had it if need be.
   *
   * @throws {EntryChangedError} if another process takes it at the same time
   */
  static async take(bucket: EntryBucket, info: CoordinatorInfo, log: Logger): Promise<OwnLease> {
    const lease = new OwnLease(bucket, info, log);
    lease.#revision = (await bucket.read(info.id))?.revision ?? 0;
    await lease.#renew();
    if (lease.#closed) throw new EntryChangedError(`coordinator ${info.id} is there already`);
    lease.#timer = setInterval(() => {
      lease.#renewing ??= lease.#tryToRenew().finally(() => (lease.#renewing = undefined));
    }, RENEW_MS);
    return lease;
  }

  get id(): string {
    return this.#info.id;
  }

  /** Told to the others from the next renewal on. */
  describe(info: Pick<CoordinatorInfo, 'url'>): void {
    this.#info = { ...this.#info, ...info };
  }

  get info(): CoordinatorInfo {
    return this.#info;
  }

  /** False where others may have taken what this one owned. */
  holds(): boolean {
    return performance.now() - this.#renewedMs < HELD_MS && !this.#closed;
  }

  /** Called after a time without the lease, before anything else may act on it. */
  onRegained(look: () => Promise<void>): void {
    this.#onRegained = look;
  }

  /** Resolves once it holds, or has been given up for good. */
  async held(): Promise<void> {
    while (!this.holds() && !this.#closed) await this.#regained.given;
  }

  /** From now on nothing may act, and others may take over at once. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewing;
    if (this.#closed) return;
    this.#close();
    try {
      const released = encodeJson({ ...this.#info, released: true });
      await this.#bucket.write(this.#info.id, released, this.#revision);
    } catch (error) {
      this.#log.warn({ err: error }, 'release the lease');
    }
  }

  /** Nothing waits for it any more. */
  #close(): void {
    clearInterval(this.#timer);
    this.#closed = true;
    this.#regained.give();
  }

  async #tryToRenew(): Promise<void> {
    try {
      await this.#renew();
    } catch (error) {
      this.#log.warn({ err: error }, 'renew the lease, trying again');
    }
  }

  async #renew(): Promise<void> {
    const sentMs = performance.now();
    try {
      this.#revision = await this.#bucket.write(
        this.#info.id,
        encodeJson(this.#info),
        this.#revision,
      );
    } catch (error) {
      if (error instanceof EntryChangedError) return this.#lookWhoWrote();
      throw error;
    }
    if (this.#closed) return;
    if (!this.holds()) {
      await this.#onRegained();
      this.#renewedMs = sentMs;
      if (!this.holds()) return;
      const regained = this.#regained;
      this.#regained = new Signal();
      regained.give();
    }
    this.#renewedMs = sentMs;
  }

  /** This process, where the answer to its last renewal was lost; or another one of the same id. */
  async #lookWhoWrote(): Promise<void> {
    const entry = await this.#bucket.read(this.#info.id);
    const writer = entry === undefined ? undefined : parseCoordinatorInfo(entry.body);
    if (writer === undefined || writer.process === this.#info.process) {
      this.#revision = entry?.revision ?? 0;
      return;
    }
    this.#close();
    this.#log.error({ id: this.#info.id }, 'another coordinator has taken this id');
    this.#lost.give();
  }
}
