/**
 * Inserts rows in batches and in order. A batch of one table is one statement and so one block, which ClickHouse takes
 * as a whole or not at all; rows added together are never split over two.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import { showBytes } from '@bpfleet/protocol';
import type { Logger } from 'pino';
import { codeOf, messageOf } from './client.ts';

const FLUSH_AFTER_MS = 250;
const FLUSH_ROWS = 10_000;
const ATTEMPTS = 5;
const RETRY_AFTER_MS = 200;

export type Row = readonly unknown[];

export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}

/** Rows of one frame for one table. */
export interface RowGroup {
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

  /** @param onRefused told of rows that were given up after all attempts */
  constructor(
    client: ClickHouseClient,
    log: Logger,
    onRefused: (session: string, rows: number) => void,
  ) {
    this.#client = client;
    this.#log = log;
    this.#onRefused = onRefused;
  }

  /** Resolves at once, or once there is room again. */
  async add(table: Table, group: RowGroup): Promise<void> {
    const pending = this.#pending.get(table.name) ?? { table, groups: [] };
    this.#pending.set(table.name, pending);
    pending.groups.push(group);
    this.#rows += group.rows.length;
    if (this.#rows >= FLUSH_ROWS) {
      // The batch before must be in: then one is inserted while the next one fills, and no more wait.
      const before = this.#inserting;
      void this.flush();
      return before;
    }
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER_MS);
  }

  /** Resolves when everything added so far is in the store or was given up. */
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

  async #insert(batch: Pending): Promise<void> {
    const rows = latest(batch.groups);
    if (rows.length === 0) return;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#send(batch, rows);
      } catch (error) {
        const fields = { table: batch.table.name, rows: rows.length, error: messageOf(error) };
        const refused = codeOf(error) !== undefined;
        if (refused || attempt === ATTEMPTS) {
          // One frame that ClickHouse does not understand must not take those of others with it.
          if (refused && batch.groups.length > 1) return this.#insertSingly(batch);
          this.#log.error(fields, 'store refused rows');
          for (const group of batch.groups) this.#onRefused(group.session, group.rows.length);
          return;
        }
        this.#log.warn(fields, 'insert failed, trying again');
        await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS * attempt));
      }
    }
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
      clickhouse_settings: { insert_deduplication_token: tokenOf(batch), async_insert: 0 },
    });
  }
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
