/** Everything the coordinator keeps for later, in ClickHouse: one door for writing, history and SQL. */
import { randomInt } from 'node:crypto';
import type { Correlation, QueryResult } from '@bpfleet/protocol';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Logger } from 'pino';
import { History } from '../history/history.ts';
import { BatchWriter } from './batch-writer.ts';
import { createStoreClient, nameOfStore, type StoreOptions } from './client.ts';
import { clusterForm } from './cluster-form.ts';
import { LibraryTable } from './library-table.ts';
import { migrate } from './migrate.ts';
import { QueryRunner } from './query.ts';
import { storeReader } from './reader.ts';
import { SessionRecorder } from './recorder.ts';
import { removeSession } from './remove-session.ts';
import { hostRows, sessionRow, type SessionRecord } from './session-rows.ts';
import { applyRetention } from './retention.ts';
import { dropLeftViews, SessionViews } from './session-views.ts';
import { messageOf, StoreError } from './store-error.ts';
import { auditRow, type AuditedAction } from './audit-row.ts';
import { ONE_SERVER, type StoreForm } from './store-form.ts';
import { AUDIT, HOSTS, MAP_POINTS, MAP_ROLLUPS, SESSIONS, STREAM_TABLES } from './tables.ts';
import type { WritePermission } from './write-permission.ts';

/** More than one owner writes between two revisions. */
const VERSIONS_PER_REVISION = 1_000_000;
/** Of `randomInt`. */
const MAX_RANDOM = 2 ** 48 - 1;

export class Store {
  readonly history: History;
  readonly library: LibraryTable;
  readonly #client: ClickHouseClient;
  readonly #form: StoreForm;
  readonly #writer: BatchWriter;
  readonly #queries: QueryRunner;
  readonly #refused = new Map<string, number>();
  readonly #views: SessionViews;
  #lastVersion = 0;

  constructor(client: ClickHouseClient, options: StoreOptions, form: StoreForm, log: Logger) {
    this.#form = form;
    this.#client = client;
    this.#writer = new BatchWriter(client, log, (session, rows) => this.noteLost(session, rows));
    this.#views = new SessionViews(client, form, log);
    this.#queries = new QueryRunner(options, form);
    this.history = new History(storeReader(client));
    this.library = new LibraryTable(storeReader(client), this.#writer);
  }

  /** For a session that has no rows yet. */
  newRecorder(session: string, correlation?: Correlation): SessionRecorder {
    return new SessionRecorder(session, this.#writer, new Map(), correlation);
  }

  /** Continues a session where its rows in the store end. */
  async recorder(session: string, correlation?: Correlation): Promise<SessionRecorder> {
    const tables = [...STREAM_TABLES.map(({ name }) => name), ...MAP_ROLLUPS];
    for (const query of tables.flatMap((table) => this.#form.caughtUp(table))) {
      await this.#client.command({ query });
    }
    const stored = new Map<string, number>();
    for (const { name } of STREAM_TABLES) stored.set(name, await this.#lastOf(name, session));
    // A process can have been killed when a row was in its table, and not yet in what is filled from there.
    const rollups = await Promise.all(MAP_ROLLUPS.map(async (name) => this.#lastOf(name, session)));
    stored.set(MAP_POINTS.name, Math.min(stored.get(MAP_POINTS.name) ?? 0, ...rollups));
    return new SessionRecorder(session, this.#writer, stored, correlation);
  }

  /** The last stream sequence that a table has of a session. */
  async #lastOf(table: string, session: string): Promise<number> {
    const result = await this.#client.query({
      query: `SELECT max(stream_seq) FROM ${table} WHERE session = {session:String}`,
      query_params: { session },
      format: 'JSONCompact',
    });
    const { data } = await result.json<readonly [string]>();
    return Number(data[0]?.[0] ?? 0);
  }

  /** From now on nothing is written without. */
  obey(permission: WritePermission): void {
    this.#writer.obey(permission);
  }

  /**
   * Writes what is known of a session now; the newest version is the one that is read.
   *
   * @param revision of the session's entry: of two owners the later one knows a higher one, whatever their clocks say
   */
  async putSession(record: SessionRecord, revision: number): Promise<void> {
    this.#lastVersion = Math.max(this.#lastVersion + 1, revision * VERSIONS_PER_REVISION);
    const group = { session: record.info.id, streamSequence: this.#lastVersion };
    this.#views.make(record.info.id, record.schemas);
    const hosts = hostRows(record, this.#lastVersion);
    if (hosts.length > 0) await this.#writer.add(HOSTS, { ...group, rows: hosts });
    await this.#writer.add(SESSIONS, { ...group, rows: [sessionRow(record, this.#lastVersion)] });
  }

  /** Puts on record who did what. */
  async audit(action: AuditedAction): Promise<void> {
    await this.#writer.add(AUDIT, {
      session: '',
      // Other coordinators do things at the same moment.
      streamSequence: randomInt(MAX_RANDOM),
      rows: [auditRow(action)],
    });
  }

  /**
   * Takes a session that is over out of every table; who did what stays on record.
   *
   * @throws {StoreError} if it cannot be; what is left then goes the next time
   */
  async remove(session: string): Promise<void> {
    await this.tryFlush();
    try {
      await this.#views.drop(session);
      await removeSession(this.#client, this.#form, session);
    } catch (error) {
      throw new StoreError(`remove session ${session}: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Rows that it would not take, or frames that were gone before it had room for them. */
  noteLost(session: string, count: number): void {
    this.#refused.set(session, this.refusedRows(session) + count);
  }

  /** Rows of a session that the store would not take. */
  refusedRows(session: string): number {
    return this.#refused.get(session) ?? 0;
  }

  /** Resolves when everything handed over so far can be read, however long the store is away. */
  async flush(): Promise<void> {
    await this.#writer.flush();
    await this.#views.settled();
  }

  /** As `flush`, but does not wait for a store that takes nothing. */
  async tryFlush(): Promise<void> {
    await this.#writer.tryFlush();
  }

  /** Why nothing can be written at the moment; undefined while it can. */
  get stuckWith(): string | undefined {
    return this.#writer.stuckWith;
  }

  /** Resolves when rows can be written. */
  async flowing(): Promise<void> {
    await this.#writer.flowing();
  }

  /** @throws {StoreError} with ClickHouse's text, if the statement is refused or fails. */
  async query(sql: string): Promise<QueryResult> {
    await this.tryFlush();
    return this.#queries.run(sql);
  }

  async answers(): Promise<boolean> {
    return (await this.#client.ping()).success;
  }

  async close(): Promise<void> {
    await this.#writer.close();
    await this.#views.settled();
    await this.#queries.close();
    await this.#client.close();
  }
}

/** @throws {StoreError} if it cannot be opened or its tables cannot be brought up to date. */
export async function openStore(options: StoreOptions, log: Logger): Promise<Store> {
  const cluster = 'url' in options ? options.cluster : undefined;
  const form = cluster === undefined ? ONE_SERVER : clusterForm(cluster);
  const client = await createStoreClient(options, form);
  try {
    await migrate(client, form);
    await dropLeftViews(client, form);
    if (options.retention !== undefined) await applyRetention(client, form, options.retention, log);
  } catch (error) {
    await client.close();
    throw new StoreError(`open store ${nameOfStore(options)}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return new Store(client, options, form, log);
}
