/**
 * Inserts rows in batches and in order. A batch of one table is one statement and so one block, which ClickHouse takes
 * as a whole or not at all; rows added together are never split over two. While the store takes nothing the writer is
 * stuck: it tries again for as long as it takes, and whoever has rows is to keep them where they came from.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import { showBytes } from '@bpfleet/protocol';
import type { Logger } from 'pino';
import { messageOf } from './store-error.ts';
import { storeFault } from './store-fault.ts';
import { ALONE, type WritePermission } from './write-permission.ts';

const FLUSH_AFTER_MS = 250;
const FLUSH_ROWS = 10_000;
const RETRY_AFTER_MS = 200;
const MAX_RETRY_AFTER_MS = 2_000;
/** An insert that takes longer may never end: nobody waits for it. */
const SLOW_MS = 3_000;
const CLOSE_PATIENCE_MS = 5_000;

export type Row = readonly unknown[];

export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}

/** Rows of one frame for one table. */
export interface RowGroup {
  /** Whose owner may write them; empty for rows of no session, which are everybody's. */
  readonly session: string;
  readonly streamSequence: number;
  readonly rows: readonly Row[];
  /** Of rows with equal keys in one batch only those of the highest version are written. */
  readonly latest?: { readonly version: number; readonly keys: readonly string[] };
}

interface Pending {
  readonly table: Table;
  readonly groups: RowGroup[];
}

export class BatchWriter {
  readonly #client: ClickHouseClient;
  readonly #log: Logger;
  readonly #onRefused: (session: string, rows: number) => void;
  readonly #pending = new Map<string, Pending>();
  #rows = 0;
  #timer: NodeJS.Timeout | undefined;
  #inserting: Promise<void> = Promise.resolve();
  /** The insert that is under way. */
  #sending: Promise<void> = Promise.resolve();
  #stuckWith: string | undefined;
  #closed = false;
  #permission: WritePermission = ALONE;
  readonly #waiting: (() => void)[] = [];

  /** @param onRefused told of rows that ClickHouse does not understand */
  constructor(
    client: ClickHouseClient,
    log: Logger,
    onRefused: (session: string, rows: number) => void,
  ) {
    this.#client = client;
    this.#log = log;
    this.#onRefused = onRefused;
  }

  /** From now on nothing is written without. */
  obey(permission: WritePermission): void {
    this.#permission = permission;
  }

  /** Why the store takes nothing at the moment; undefined while it does. */
  get stuckWith(): string | undefined {
    return this.#stuckWith;
  }

  /** Resolves when it is not stuck, or is closed. */
  async flowing(): Promise<void> {
    while (this.#stuckWith !== undefined && !this.#closed) await this.#change();
  }

  /** Resolves at once, or once there is room again or the writer is stuck. */
  async add(table: Table, group: RowGroup): Promise<void> {
    const pending = this.#pending.get(table.name) ?? { table, groups: [] };
    this.#pending.set(table.name, pending);
    pending.groups.push(group);
    this.#rows += group.rows.length;
    if (this.#rows >= FLUSH_ROWS) {
      // The batch before must be in: then one is inserted while the next one fills, and no more wait.
      const before = this.#inserting;
      void this.flush();
      return this.#unlessStuck(before);
    }
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER_MS);
  }

  /** As `flush`, but does not wait for a store that takes nothing. */
  async tryFlush(): Promise<void> {
    return this.#unlessStuck(this.flush());
  }

  /** Tries once more. What is not in the store then never will be. */
  async close(): Promise<void> {
    await this.tryFlush();
    this.#closed = true;
    this.#notify();
    // The embedded engine must not be taken away from under an insert.
    await Promise.race([this.#sending, elapsed(CLOSE_PATIENCE_MS)]);
  }

  /** Resolves when everything added so far is in the store or was refused. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batches = [...this.#pending.values()];
    this.#pending.clear();
    this.#rows = 0;
    this.#inserting = this.#inserting.then(async () => {
      for (const batch of batches) await this.#insert(batch);
    });
    return this.#inserting;
  }

  async #insert({ table, groups }: Pending): Promise<void> {
    await this.#permitted();
    const isOwned = ({ session }: RowGroup): boolean =>
      session === '' || this.#permission.owns(session);
    // What is sent once more must be the same as before, for the store to know it.
    const batch = { table, groups: groups.filter(isOwned) };
    const rows = latest(batch.groups);
    if (rows.length === 0) return;
    for (let attempt = 1; !this.#closed; attempt++) {
      try {
        await this.#permitted();
        if (!batch.groups.some(isOwned)) return;
        await this.#watched(this.#send(batch, rows));
        this.#setStuck(undefined);
        return;
      } catch (error) {
        const message = messageOf(error);
        const fields = { table: batch.table.name, rows: rows.length, error: message };
        if (storeFault(error) === 'statement') {
          this.#setStuck(undefined);
          // One frame that ClickHouse does not understand must not take those of others with it.
          if (batch.groups.length > 1) return this.#insertSingly(batch);
          this.#log.error(fields, 'store refused rows');
          for (const group of batch.groups) this.#onRefused(group.session, group.rows.length);
          return;
        }
        if (attempt === 1) this.#log.warn(fields, 'insert failed, trying again');
        this.#setStuck(message);
        await new Promise((resolve) =>
          setTimeout(resolve, Math.min(RETRY_AFTER_MS * attempt, MAX_RETRY_AFTER_MS)),
        );
      }
    }
  }

  /** Others may be writing what this coordinator has: it asks first. */
  async #permitted(): Promise<void> {
    if (this.#permission.holds()) return;
    this.#setStuck('this coordinator cannot tell which sessions are its own');
    await this.#permission.held();
    this.#setStuck(undefined);
  }

  async #watched(insert: Promise<void>): Promise<void> {
    const slow = setTimeout(() => this.#setStuck('it does not answer'), SLOW_MS);
    this.#sending = insert.catch(() => undefined);
    return insert.finally(() => clearTimeout(slow));
  }

  async #unlessStuck(done: Promise<void>): Promise<void> {
    let isDone = false;
    const noted = done.then(() => {
      isDone = true;
      this.#notify();
    });
    while (!isDone && this.#stuckWith === undefined) await Promise.race([noted, this.#change()]);
  }

  #setStuck(reason: string | undefined): void {
    const changed = (reason === undefined) !== (this.#stuckWith === undefined);
    this.#stuckWith = reason;
    if (changed) this.#notify();
  }

  async #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #notify(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #insertSingly({ table, groups }: Pending): Promise<void> {
    for (const group of groups) await this.#insert({ table, groups: [group] });
  }

  async #send(batch: Pending, values: readonly Row[]): Promise<void> {
    await this.#client.insert({
      table: batch.table.name,
      columns: batch.table.columns as [string, ...string[]],
      values: values.map(wellFormed),
      format: 'JSONCompactEachRow',
      clickhouse_settings: {
        insert_deduplication_token: tokenOf(batch),
        // What was killed between a table and the views that it fills is completed when it is sent again.
        deduplicate_blocks_in_dependent_materialized_views: 1,
        async_insert: 0,
      },
    });
  }
}

async function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** ClickHouse takes no JSON with halves of characters; bytes that are no UTF-8 are shown as text has them. */
function wellFormed(row: Row): Row {
  return row.map((value) => (typeof value === 'string' ? showBytes(value) : value));
}

function latest(groups: readonly RowGroup[]): Row[] {
  const rows: Row[] = [];
  const places = new Map<string, { readonly at: number; version: number }>();
  for (const group of groups) {
    for (const [index, row] of group.rows.entries()) {
      const key = group.latest?.keys[index];
      if (group.latest === undefined || key === undefined) {
        rows.push(row);
        continue;
      }
      const { version } = group.latest;
      const place = places.get(key);
      if (place === undefined) {
        places.set(key, { at: rows.length, version });
        rows.push(row);
      } else if (version >= place.version) {
        place.version = version;
        rows[place.at] = row;
      }
    }
  }
  return rows;
}

/** The same for a batch that is sent again, different for any other: stream sequences belong to one session. */
function tokenOf({ groups }: Pending): string {
  const first = groups[0];
  const last = groups.at(-1);
  return `${first?.session}-${first?.streamSequence}-${last?.session}-${last?.streamSequence}`;
}
