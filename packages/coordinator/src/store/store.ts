/** Everything the coordinator keeps for later, in ClickHouse: one door for writing, history and SQL. */
import type { QueryResult, RunRequest, Schema, SessionInfo } from '@bpfleet/protocol';
import { encodeJson } from '@bpfleet/protocol';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Logger } from 'pino';
import { History } from '../history/history.ts';
import { probesOf } from '../history/probes-of.ts';
import { BatchWriter } from './batch-writer.ts';
import { createStoreClient, messageOf, StoreError, type StoreOptions } from './client.ts';
import { dateTime64 } from './column-text.ts';
import { migrate } from './migrate.ts';
import { QueryRunner } from './query.ts';
import { storeReader } from './reader.ts';
import { SessionRecorder } from './recorder.ts';
import { SESSIONS, STREAM_TABLES } from './tables.ts';
import type { WritePermission } from './write-permission.ts';

/** More than one owner writes between two revisions. */
const VERSIONS_PER_REVISION = 1_000_000;

export class Store {
  readonly history: History;
  readonly #client: ClickHouseClient;
  readonly #writer: BatchWriter;
  readonly #queries: QueryRunner;
  readonly #refused = new Map<string, number>();
  #lastVersion = 0;

  constructor(client: ClickHouseClient, options: StoreOptions, log: Logger) {
    this.#client = client;
    this.#writer = new BatchWriter(client, log, (session, rows) => {
      this.#refused.set(session, this.refusedRows(session) + rows);
    });
    this.#queries = new QueryRunner(options);
    this.history = new History(storeReader(client));
  }

  /** For a session that has no rows yet. */
  newRecorder(session: string): SessionRecorder {
    return new SessionRecorder(session, this.#writer, new Map());
  }

  /** Continues a session where its rows in the store end. */
  async recorder(session: string): Promise<SessionRecorder> {
    const stored = new Map<string, number>();
    for (const { name } of STREAM_TABLES) {
      const result = await this.#client.query({
        query: `SELECT max(stream_seq) FROM ${name} WHERE session = {session:String}`,
        query_params: { session },
        format: 'JSONCompact',
      });
      const { data } = await result.json<readonly [string]>();
      stored.set(name, Number(data[0]?.[0] ?? 0));
    }
    return new SessionRecorder(session, this.#writer, stored);
  }

  /** From now on nothing is written without. */
  obey(permission: WritePermission): void {
    this.#writer.obey(permission);
  }

  /**
   * Writes what is known of a session now; the newest version is the one that is read.
   *
   * @param revision of the session's entry: of two owners the later one knows a higher one, whatever their clocks say
   * @param request what makes the same session again, where that is known
   */
  async putSession(
    info: SessionInfo,
    schemas: Readonly<Record<string, Schema>>,
    revision: number,
    request?: RunRequest,
  ): Promise<void> {
    this.#lastVersion = Math.max(this.#lastVersion + 1, revision * VERSIONS_PER_REVISION);
    await this.#writer.add(SESSIONS, {
      session: info.id,
      streamSequence: this.#lastVersion,
      rows: [
        [
          info.id,
          this.#lastVersion,
          info.program,
          probesOf(info.program),
          info.sourceName,
          info.coverage.digest,
          info.coverage.who,
          encodeJson(info.selector),
          info.merge === 'host',
          info.merge,
          info.state,
          timeOf(info.createdAtMs),
          timeOf(info.startedAtMs),
          timeOf(info.endedAtMs),
          info.exitCode ?? null,
          encodeJson(info.coverage),
          encodeJson(schemas),
          request === undefined ? '' : encodeJson(request),
        ],
      ],
    });
  }

  /** Rows of a session that the store would not take. */
  refusedRows(session: string): number {
    return this.#refused.get(session) ?? 0;
  }

  /** Resolves when everything handed over so far can be read, however long the store is away. */
  async flush(): Promise<void> {
    await this.#writer.flush();
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
    await this.#queries.close();
    await this.#client.close();
  }
}

/** @throws {StoreError} if it cannot be opened or its tables cannot be brought up to date. */
export async function openStore(options: StoreOptions, log: Logger): Promise<Store> {
  const client = await createStoreClient(options);
  try {
    await migrate(client);
  } catch (error) {
    await client.close();
    if (error instanceof StoreError) throw error;
    const where = 'url' in options ? options.url : options.path;
    throw new StoreError(`open store ${where}: ${messageOf(error)}`, { cause: error });
  }
  return new Store(client, options, log);
}

function timeOf(unixMs: number | undefined): string | null {
  return unixMs === undefined ? null : dateTime64(BigInt(unixMs) * 1_000_000n);
}
