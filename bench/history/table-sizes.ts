/** What the tables of a store take on its disk. */
import type { Store } from '../../packages/coordinator/src/store/store.ts';

export interface Size {
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
}

/** The largest first. */
export async function tableSizes(store: Store): Promise<readonly Size[]> {
  return sizes(
    store,
    `SELECT table, toFloat64(sum(rows)), toFloat64(sum(bytes_on_disk)) AS bytes
     FROM system.parts WHERE active AND database = currentDatabase() GROUP BY table ORDER BY bytes DESC`,
  );
}

/** Parts of few rows keep all columns in one file, and are not among these. */
export async function columnSizes(store: Store, table: string): Promise<readonly Size[]> {
  return sizes(
    store,
    `SELECT column, toFloat64(sum(rows)), toFloat64(sum(column_bytes_on_disk)) AS bytes
     FROM system.parts_columns WHERE active AND database = currentDatabase() AND table = '${table}'
     AND part_type = 'Wide' GROUP BY column ORDER BY bytes DESC`,
  );
}

async function sizes(store: Store, query: string): Promise<readonly Size[]> {
  const { rows } = await store.query(query);
  return rows.map(([name, count, bytes]) => ({
    name: String(name),
    rows: Number(count),
    bytes: Number(bytes),
  }));
}
