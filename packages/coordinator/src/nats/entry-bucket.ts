/** A bucket of NATS KV whose entries are written by compare-and-set, so that of several writers one wins. */
import {
  headers,
  NatsError,
  type JetStreamClient,
  type JetStreamManager,
  type KV,
  type NatsConnection,
} from 'nats';
import { SESSIONS_BUCKET } from '@bpfleet/protocol';
import { hasExpired, type Audience } from '@bpfleet/protocol/seal';
import { EntryRenewal } from './entry-renewal.ts';
import type { Seals } from './seals.ts';

export interface Entry {
  readonly id: string;
  readonly body: string;
  /** Grows with every write to the bucket. */
  readonly revision: number;
}

/** An entry as it is now; without a body it was removed. */
export type EntryChange = Omit<Entry, 'body'> & { readonly body?: string };

export interface EntryBucket {
  /** Undefined where there is none, or it was removed. */
  read(id: string): Promise<Entry | undefined>;
  ids(): Promise<readonly string[]>;
  /**
   * @param revision of the entry that this replaces; 0 where there must be none
   * @returns the new revision
   * @throws {EntryChangedError} if somebody else has written it since
   * @throws {EntryTooLargeError} if a new one leaves no room in a message of NATS
   */
  write(id: string, body: string, revision: number): Promise<number>;
  /** @throws {EntryChangedError} if somebody else has written it since */
  remove(id: string, revision: number): Promise<void>;
  /**
   * Calls back with every entry there is, then with each change, and with all of them once more after the connection
   * was lost: a server that was restarted has forgotten who watches.
   */
  watch(receive: (change: EntryChange) => void): Promise<void>;
  /** Whether nobody has renewed an entry for so long that no agent obeys it any more. */
  hasExpired(id: string): boolean;
}

export class EntryChangedError extends Error {
  override readonly name = 'EntryChangedError';
}

/** What is to be written is more than a message of NATS may have. */
export class EntryTooLargeError extends Error {
  override readonly name = 'EntryTooLargeError';
}

const WRONG_LAST_SEQUENCE = 10071;
const REOPEN_AFTER_MS = 250;
/** An entry grows by what becomes of it, which must have room too. */
const ROOM_TO_GROW_BYTES = 64 * 1024;
/** Shorter than a lease: what the server had not taken when it went away is to be written again as soon as it is back. */
const WRITE_TIMEOUT_MS = 1_500;

export class NatsEntryBucket implements EntryBucket {
  readonly #name: string;
  readonly #client: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #bucket: KV;
  readonly #maxBytes: () => number;
  readonly #seals: Seals;
  readonly #renewal = new EntryRenewal(async (id, body, revision) =>
    this.#publish(id, body, revision),
  );
  /** Unix milliseconds, of entries as they were last read. */
  readonly #expiries = new Map<string, number>();
  #receive: ((change: EntryChange) => void) | undefined;
  #changes: Awaited<ReturnType<KV['watch']>> | undefined;

  private constructor(
    name: string,
    client: JetStreamClient,
    manager: JetStreamManager,
    bucket: KV,
    maxBytes: () => number,
    seals: Seals,
  ) {
    this.#seals = seals;
    this.#maxBytes = maxBytes;
    this.#name = name;
    this.#client = client;
    this.#manager = manager;
    this.#bucket = bucket;
  }

  /**
   * Makes the bucket where it is not there yet.
   *
   * @param ttlMs entries that nobody has written for so long are forgotten; 0 keeps them
   */
  static async open(
    name: string,
    connection: NatsConnection,
    ttlMs: number,
    seals: Seals,
  ): Promise<NatsEntryBucket> {
    const manager = await connection.jetstreamManager();
    const client = connection.jetstream();
    const bucket = await client.views.kv(name, { history: 1, ttl: ttlMs });
    const maxBytes = (): number => connection.info?.max_payload ?? Infinity;
    return new NatsEntryBucket(name, client, manager, bucket, maxBytes, seals);
  }

  async read(id: string): Promise<Entry | undefined> {
    // The leader's copy: a replica may not have the newest yet.
    try {
      const message = await this.#manager.streams.getMessage(`KV_${this.#name}`, {
        last_by_subj: this.#subject(id),
      });
      if (message.header.get('KV-Operation') !== '') return undefined;
      return { id, body: this.#open(id, message.data), revision: message.seq };
    } catch (error) {
      const NO_MESSAGE_FOUND = 10037;
      if (error instanceof NatsError && error.api_error?.err_code === NO_MESSAGE_FOUND) {
        return undefined;
      }
      throw error;
    }
  }

  async ids(): Promise<readonly string[]> {
    const ids: string[] = [];
    for await (const id of await this.#bucket.keys()) ids.push(id);
    return ids;
  }

  async write(id: string, body: string, revision: number): Promise<number> {
    const bytes = Buffer.byteLength(body);
    const maxBytes = this.#maxBytes();
    if (revision === 0 && bytes + ROOM_TO_GROW_BYTES > maxBytes) {
      throw new EntryTooLargeError(
        `the program with the files it needs takes ${bytes} bytes; a message of this nats-server may have ${maxBytes} (max_payload), and ${ROOM_TO_GROW_BYTES} of them are needed besides`,
      );
    }
    return this.#publish(id, body, revision);
  }

  async remove(id: string, revision: number): Promise<void> {
    this.#forget(id);
    await this.#send(id, new Uint8Array(0), revision, {
      'KV-Operation': 'PURGE',
      'Nats-Rollup': 'sub',
    });
  }

  async watch(receive: (change: EntryChange) => void): Promise<void> {
    this.#receive = receive;
    await this.#follow();
  }

  /** To be called when the connection is back. */
  async watchAgain(isOpen: () => boolean): Promise<void> {
    while (this.#receive !== undefined && isOpen()) {
      try {
        return await this.#follow();
      } catch {
        // The server is up, its JetStream not yet.
        await new Promise((resolve) => setTimeout(resolve, REOPEN_AFTER_MS));
      }
    }
  }

  async #follow(): Promise<void> {
    this.#changes?.stop();
    const changes = await this.#bucket.watch();
    this.#changes = changes;
    void (async () => {
      for await (const { key: id, operation, revision, value } of changes) {
        this.#renewal.saw(id, revision);
        if (operation === 'PUT') {
          this.#receive?.({ id, revision, body: this.#open(id, value) });
        } else {
          this.#forget(id);
          this.#receive?.({ id, revision });
        }
      }
    })();
  }

  hasExpired(id: string): boolean {
    return hasExpired(this.#expiries.get(id) ?? Infinity, Date.now());
  }

  /** Renews nothing any more. */
  close(): void {
    this.#renewal.close();
  }

  /** What cannot be opened is empty: it can be replaced, and says nothing. */
  #open(id: string, bytes: Uint8Array): string {
    const taken = this.#seals.take(this.#subject(id), bytes, this.#audience(id));
    if (taken === undefined) return '';
    if (this.#seals.isSealed && this.#isForAgents(id)) this.#expiries.set(id, taken.expiresAtMs);
    return taken.text;
  }

  async #publish(id: string, body: string, revision: number): Promise<number> {
    const { bytes, expiresAtMs } = this.#seals.give(this.#subject(id), body, this.#audience(id));
    const written = await this.#send(id, bytes, revision);
    if (this.#seals.isSealed && this.#isForAgents(id)) {
      this.#expiries.set(id, expiresAtMs);
      this.#renewal.wrote(id, { body, revision: written, expiresAtMs });
    }
    return written;
  }

  #forget(id: string): void {
    this.#expiries.delete(id);
    this.#renewal.forget(id);
  }

  #audience(id: string): Audience {
    return this.#isForAgents(id) ? 'fleet' : 'coordinators';
  }

  #isForAgents(id: string): boolean {
    return this.#name === SESSIONS_BUCKET && !id.includes('.');
  }

  async #send(
    id: string,
    body: Uint8Array,
    revision: number,
    fields: Readonly<Record<string, string>> = {},
  ): Promise<number> {
    const head = headers();
    for (const [name, value] of Object.entries(fields)) head.set(name, value);
    try {
      const { seq } = await this.#client.publish(this.#subject(id), body, {
        headers: head,
        timeout: WRITE_TIMEOUT_MS,
        expect: { lastSubjectSequence: revision },
      });
      return seq;
    } catch (error) {
      if (error instanceof NatsError && error.api_error?.err_code === WRONG_LAST_SEQUENCE) {
        throw new EntryChangedError(`entry ${id} has changed`, { cause: error });
      }
      throw error;
    }
  }

  #subject(id: string): string {
    return `$KV.${this.#name}.${id}`;
  }
}
