/** How large the tables of the store are, and for how long they keep their rows. */
import type { KeptTable } from '@bpfleet/protocol';
import type { StoreReader } from '../store/reader.ts';

/** As ClickHouse writes what `applyRetention` asked for. */
const AGE = /\bTTL .*? \+ toIntervalSecond\((\d+)\)/;

/** The largest first. */
export async function readRetention(reader: StoreReader): Promise<readonly KeptTable[]> {
  const rows = await reader.rows<{
    readonly name: string;
    readonly engine_full: string;
    readonly total_rows: string | null;
    readonly total_bytes: string | null;
  }>(
    `SELECT name, engine_full, total_rows, total_bytes FROM system.tables
     WHERE database = currentDatabase() AND engine LIKE '%MergeTree' ORDER BY total_bytes DESC, name`,
  );
  return rows.map(({ name, engine_full: engine, total_rows, total_bytes }) => {
    const age = AGE.exec(engine)?.[1];
    return {
      table: name,
      rows: Number(total_rows ?? 0),
      bytes: Number(total_bytes ?? 0),
      ...(age !== undefined && { keptSeconds: Number(age) }),
    };
  });
}
