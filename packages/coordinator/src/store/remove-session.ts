/** Takes a session out of every table but the audit. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { StoreForm } from './store-form.ts';
import {
  EVENTS,
  HOSTS,
  LOSSES,
  MAP_POINTS,
  MAP_ROLLUPS,
  NAMES,
  PRINT_POINTS,
  SESSIONS,
  SPANS,
} from './tables.ts';

/** What says that there is such a session goes last: a removal that was interrupted can be asked for again. */
const TABLES: readonly (readonly [table: string, column: string])[] = [
  ...[EVENTS, MAP_POINTS, PRINT_POINTS, NAMES, SPANS, LOSSES].map(
    ({ name }) => [name, 'session'] as const,
  ),
  ...MAP_ROLLUPS.map((name) => [name, 'session'] as const),
  [HOSTS.name, 'session'],
  [SESSIONS.name, 'id'],
];

/** Resolves when nothing of it is left, on no disk. */
export async function removeSession(
  client: ClickHouseClient,
  form: StoreForm,
  session: string,
): Promise<void> {
  for (const [table, column] of TABLES) {
    const statement = `ALTER TABLE ${table} DELETE WHERE ${column} = {session:String} SETTINGS mutations_sync = 2`;
    for (const query of form.spread(statement)) {
      await client.command({ query, query_params: { session } });
    }
  }
}
