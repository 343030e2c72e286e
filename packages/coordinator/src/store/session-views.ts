/** Makes and drops the views of sessions. They hold no data: one that is missing is made at the next occasion. */
import type { Schema } from '@bpfleet/protocol';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Logger } from 'pino';
import { sessionViewName, sessionViewQuery } from './session-view.ts';
import { messageOf } from './store-error.ts';
import type { StoreForm } from './store-form.ts';

export class SessionViews {
  readonly #client: ClickHouseClient;
  readonly #form: StoreForm;
  readonly #log: Logger;
  #last: Promise<unknown> = Promise.resolve();

  constructor(client: ClickHouseClient, form: StoreForm, log: Logger) {
    this.#form = form;
    this.#client = client;
    this.#log = log;
  }

  /** As the schemas known so far say; one after the other, so that the newest stays. */
  make(session: string, schemas: Readonly<Record<string, Schema>>): void {
    const query = sessionViewQuery(session, schemas);
    if (query === undefined) return;
    this.#last = this.#last.then(async () => this.#replace(session, query));
  }

  /** Resolves when what was asked for so far has been done, or could not be. */
  async settled(): Promise<void> {
    await this.#last;
  }

  async drop(session: string): Promise<void> {
    await this.#last;
    if (sessionViewQuery(session, {}) === undefined) return;
    await this.#run(`DROP VIEW IF EXISTS ${sessionViewName(session)}`);
  }

  async #replace(session: string, query: string): Promise<void> {
    try {
      await this.#run(`CREATE OR REPLACE VIEW ${sessionViewName(session)} AS ${query}`);
    } catch (error) {
      this.#log.warn({ session, error: messageOf(error) }, 'the view of the session was not made');
    }
  }

  async #run(statement: string): Promise<void> {
    for (const query of this.#form.spread(statement)) await this.#client.command({ query });
  }
}

/** A session's row comes some seconds after its view, and another coordinator may have made both just now. */
const NEW_FOR_SECONDS = 3_600;

/** Drops the views of sessions that are not there any more: retention takes rows only. */
export async function dropLeftViews(client: ClickHouseClient, form: StoreForm): Promise<void> {
  const result = await client.query({
    query: `SELECT name FROM system.tables
      WHERE database = currentDatabase() AND engine = 'View' AND startsWith(name, {prefix:String})
        AND metadata_modification_time <= now() - {newFor:UInt32}
        AND substring(name, length({prefix:String}) + 1) NOT IN (SELECT id FROM sessions)`,
    query_params: { prefix: sessionViewName(''), newFor: NEW_FOR_SECONDS },
    format: 'JSONEachRow',
  });
  for (const { name } of await result.json<{ readonly name: string }>()) {
    for (const query of form.spread(`DROP VIEW IF EXISTS ${name}`)) await client.command({ query });
  }
}
