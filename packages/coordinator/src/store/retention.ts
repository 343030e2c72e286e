/** How long rows are kept, by table. What nothing is said of is kept for ever. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Logger } from 'pino';
import type { StoreForm } from './store-form.ts';

/** Seconds by table. */
export type Retention = Readonly<Partial<Record<RetainedTable, number>>>;

export type RetainedTable =
  | 'sessions'
  | 'hosts'
  | 'events'
  | 'map_points'
  | 'map_points_1s'
  | 'map_points_1m'
  | 'map_points_1h'
  | 'print_points'
  | 'names'
  | 'spans'
  | 'losses'
  | 'audit';

interface Age {
  readonly from: string;
  readonly unless?: string;
}

/** By table, from when its rows are as old as they are, and which rows have no age. */
const AGES: Readonly<Record<RetainedTable, Age>> = {
  sessions: { from: 'toDateTime(created_at)' },
  hosts: { from: 'toDateTime(at)' },
  events: { from: 'toDateTime(at)' },
  map_points: { from: 'toDateTime(at)', unless: 'at > toDateTime64(0, 9)' },
  map_points_1s: { from: 'at' },
  map_points_1m: { from: 'at' },
  map_points_1h: { from: 'at' },
  print_points: { from: 'toDateTime(at)' },
  names: { from: 'stored_at' },
  spans: { from: 'toDateTime(enter_at)' },
  losses: { from: 'toDateTime(until)', unless: 'until > toDateTime64(0, 9)' },
  audit: { from: 'toDateTime(at)' },
};

export const RETAINED_TABLES: readonly RetainedTable[] = Object.keys(AGES) as RetainedTable[];

export class RetentionError extends Error {
  override readonly name = 'RetentionError';
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { h: 3_600, d: 86_400, w: 604_800 };

/**
 * Reads `events=30d,map_points_1s=7d`; an age alone is that of all tables which are not named.
 *
 * @throws {RetentionError} saying what can be written
 */
export function parseRetention(text: string): Retention {
  let others: number | undefined;
  const named: Partial<Record<RetainedTable, number>> = {};
  for (const part of text.split(',')) {
    const [, table, count = '', unit = ''] =
      /^(?:(\w+)=)?(\d{1,6})([hdw])$/.exec(part.trim()) ?? [];
    const seconds = Number(count) * (UNIT_SECONDS[unit] ?? 0);
    if (seconds === 0) {
      throw new RetentionError(
        `not an age: ${part} (such as 30d, events=30d or map_points_1s=48h)`,
      );
    }
    if (table === undefined) others = seconds;
    else if (isRetained(table)) named[table] = seconds;
    else {
      throw new RetentionError(`no table ${table}: there are ${RETAINED_TABLES.join(', ')}`);
    }
  }
  if (others === undefined) return named;
  return { ...Object.fromEntries(RETAINED_TABLES.map((table) => [table, others])), ...named };
}

function isRetained(table: string): table is RetainedTable {
  return Object.hasOwn(AGES, table);
}

/** Tells the tables what has changed; nothing is rewritten at a start that changes nothing. */
export async function applyRetention(
  client: ClickHouseClient,
  form: StoreForm,
  retention: Retention,
  log: Logger,
): Promise<void> {
  const result = await client.query({
    query: `SELECT name, engine_full FROM system.tables WHERE database = currentDatabase() AND name IN ({tables:Array(String)})`,
    query_params: { tables: RETAINED_TABLES.map((table) => form.rowsOf(table)) },
    format: 'JSONEachRow',
  });
  const rows = await result.json<{ readonly name: string; readonly engine_full: string }>();
  const engines = new Map(rows.map(({ name, engine_full: engine }) => [name, engine]));
  for (const table of RETAINED_TABLES) {
    const [, present] =
      / TTL (.*?)(?: SETTINGS |$)/.exec(engines.get(form.rowsOf(table)) ?? '') ?? [];
    const seconds = retention[table];
    const wanted = seconds === undefined ? undefined : ttlOf(table, seconds);
    if (present === wanted) continue;
    log.info({ table, seconds: seconds ?? 'for ever' }, 'retention changed');
    const change = wanted === undefined ? 'REMOVE TTL' : `MODIFY TTL ${wanted}`;
    for (const query of form.spread(`ALTER TABLE ${table} ${change}`)) {
      await client.command({ query });
    }
  }
}

/** As ClickHouse writes it. */
function ttlOf(table: RetainedTable, seconds: number): string {
  const age = AGES[table];
  const ttl = `${age.from} + toIntervalSecond(${seconds})`;
  return age.unless === undefined ? ttl : `${ttl} WHERE ${age.unless}`;
}
