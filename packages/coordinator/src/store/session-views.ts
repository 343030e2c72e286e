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
  /** By session, what its view selects. */
  readonly #made = new Map<string, string>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(client: ClickHouseClient, form: StoreForm, log: Logger) {
    this.#form = form;
    this.#client = client;
    this.#log = log;
  }

  /** As the schemas known so far say; one after the other, so that the newest stays. */
  make(session: string, schemas: Readonly<Record<string, Schema>>): void {
    const query = sessionViewQuery(session, schemas);
    if (query === undefined || this.#made.get(session) === query) return;
    this.#made.set(session, query);
    this.#last = this.#last.then(async () => this.#replace(session, query));
  }

  /** Resolves when what was asked for so far has been done, or could not be. */
  async settled(): Promise<void> {
    await this.#last;
  }

  async drop(session: string): Promise<void> {
    this.#made.delete(session);
    await this.#last;
    if (sessionViewQuery(session, {}) === undefined) return;
    await this.#run(`DROP VIEW IF EXISTS ${sessionViewName(session)}`);
  }

  async #replace(session: string, query: string): Promise<void> {
    try {
      await this.#run(`CREATE OR REPLACE VIEW ${sessionViewName(session)} AS ${query}`);
    } catch (error) {
      this.#made.delete(session);
      this.#log.warn({ session, error: messageOf(error) }, 'the view of the session was not made');
    }
  }

  async #run(statement: string): Promise<void> {
    for (const query of this.#form.spread(statement)) await this.#client.command({ query });
  }
}
