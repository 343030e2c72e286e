/** Brings the tables of a store up to date; runs at every start. */
import type { ClickHouseClient } from '@clickhouse/client';

import { MIGRATIONS } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { messageOf, StoreError } from './store-error.ts';
import type { StoreForm } from './store-form.ts';

export const BOOKKEEPING: string = `
  CREATE TABLE IF NOT EXISTS migrations (number UInt32, name String, applied_at DateTime DEFAULT now())
  ENGINE = MergeTree ORDER BY number`;

/** @throws {StoreError} naming the migration that failed, or if the store is newer than this program. */
export async function migrate(
  client: ClickHouseClient,
  form: StoreForm,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  for (const query of form.spread(BOOKKEEPING)) await client.command({ query });
  const applied = await appliedUpTo(client);
  if (applied > migrations.length) {
    throw new StoreError(
      `it was written by a newer version of bpfleet (its tables are at change ${applied}, this version knows ${migrations.length}); use that one, or another store`,
    );
  }
  for (const migration of migrations.slice(applied)) await apply(client, form, migration);
}

async function appliedUpTo(client: ClickHouseClient): Promise<number> {
  const result = await client.query({
    query: 'SELECT max(number) FROM migrations',
    format: 'JSONCompact',
  });
  const { data } = await result.json<[number]>();
  return data[0]?.[0] ?? 0;
}

async function apply(
  client: ClickHouseClient,
  form: StoreForm,
  migration: Migration,
): Promise<void> {
  try {
    for (const query of statementsOf(migration, form)) await client.command({ query });
    await client.insert({
      table: 'migrations',
      columns: ['number', 'name'],
      values: [[migration.number, migration.name]],
      format: 'JSONCompactEachRow',
    });
  } catch (error) {
    throw new StoreError(
      `change ${migration.number} of its tables (${migration.name}): ${messageOf(error)}`,
      { cause: error },
    );
  }
}

export function statementsOf({ statements }: Migration, form: StoreForm): readonly string[] {
  return statements.flatMap((statement) => form.spread(repeatable(statement)));
}

/** A process killed between the statements of a migration runs all of them again. */
function repeatable(statement: string): string {
  return statement.replace(
    /^\s*CREATE (TABLE|VIEW|MATERIALIZED VIEW) (?!IF)/,
    'CREATE $1 IF NOT EXISTS ',
  );
}
