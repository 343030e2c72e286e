/** SQL of users over the history: read only, with limits, on a client of its own, since settings stick to it. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { QueryResult } from '@bpfleet/protocol';
import { createStoreClient, type StoreOptions } from './client.ts';
import { refusalOf } from './read-only-sql.ts';
import { codeOf, messageOf, StoreError } from './store-error.ts';
import type { StoreForm } from './store-form.ts';

/** In this order: with `readonly` set no other setting can be. */
const LIMITS = {
  max_execution_time: 30,
  timeout_overflow_mode: 'throw',
  max_rows_to_read: '2000000000',
  read_overflow_mode: 'throw',
  max_result_rows: '100000',
  max_result_bytes: '50000000',
  max_memory_usage: '2000000000',
  result_overflow_mode: 'throw',
  output_format_json_quote_64bit_integers: 1,
  readonly: '1',
} as const;

const NARROW = "name a session or a time: WHERE session = 's…' AND at > now() - INTERVAL 1 HOUR";

/** By ClickHouse's number of an error, what to do about it. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  [
    '47',
    'SELECT table, name, type FROM system.columns WHERE database = currentDatabase() lists all columns',
  ],
  ['60', 'SHOW TABLES lists the tables; docs/store.md says what is in them'],
  ['158', `a query may read 2,000,000,000 rows: ${NARROW}`],
  ['159', `a query may take 30 s: ${NARROW}`],
  ['160', `a query may take 30 s: ${NARROW}`],
  ['164', 'queries of users are read-only, and cannot change settings'],
  ['241', `a query may use 2 GB of memory: ${NARROW}, or group by less`],
  ['307', `a query may read less: ${NARROW}`],
  ['396', 'a result may have 100,000 rows and 50 MB: add LIMIT, or use "bpfleet history export"'],
]);

/** ClickHouse's own way to name the form of a result; here that is the caller's. */
const NAMES_FORMAT = /\bFORMAT\s+\w+\s*;?\s*$/i;
const FORMAT_ADVICE =
  'leave FORMAT out: "bpfleet query --format" says in which form the result is printed';

function adviceFor(code: string | undefined, sql: string): string | undefined {
  return code === '62' && NAMES_FORMAT.test(sql) ? FORMAT_ADVICE : ADVICE.get(code ?? '');
}

export class QueryRunner {
  readonly #options: StoreOptions;
  readonly #form: StoreForm;
  #client: Promise<ClickHouseClient> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: StoreOptions, form: StoreForm) {
    this.#options = options;
    this.#form = form;
  }

  /** @throws {StoreError} with ClickHouse's text and number, if the statement is refused or fails. */
  async run(sql: string): Promise<QueryResult> {
    const refusal = refusalOf(sql);
    if (refusal !== undefined) throw new StoreError(refusal);
    const result = this.#last.then(() => this.#query(sql));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#reset();
  }

  async #query(sql: string): Promise<QueryResult> {
    this.#client ??= connectReadOnly(this.#options, this.#form);
    const client = await this.#client;
    try {
      const result = await client.query({
        query: sql.replace(/[\s;]+$/, ''),
        format: 'JSONCompact',
        ...('url' in this.#options && { clickhouse_settings: LIMITS }),
      });
      const { meta = [], data } = await result.json<readonly unknown[]>();
      return { columns: meta, rows: data };
    } catch (error) {
      // An embedded engine that failed in the middle of a result puts what it had before the next one.
      await this.#reset();
      const code = codeOf(error);
      const advice = adviceFor(code, sql);
      throw new StoreError(
        `${code === undefined ? 'query' : `clickhouse error ${code}`}: ${messageOf(error)}` +
          (advice === undefined ? '' : `\n${advice}`),
        { cause: error, ...(code !== undefined && { code }) },
      );
    }
  }

  async #reset(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await (await client)?.close();
  }
}

async function connectReadOnly(options: StoreOptions, form: StoreForm): Promise<ClickHouseClient> {
  const client = await createStoreClient(options, form);
  if ('path' in options) {
    for (const [name, value] of Object.entries(LIMITS)) {
      const literal = typeof value === 'number' || /^\d+$/.test(value) ? value : `'${value}'`;
      await client.command({ query: `SET ${name} = ${literal}` });
    }
  }
  return client;
}
