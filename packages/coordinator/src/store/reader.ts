/** Reads of the store as history makes them: SQL with parameters in, rows out. */
import type { ClickHouseClient } from '@clickhouse/client';

export type Parameters = Readonly<Record<string, unknown>>;

export interface StoreReader {
  /** Rows as objects; 64-bit integers are decimal strings. */
  rows<Row>(sql: string, parameters?: Parameters): Promise<readonly Row[]>;
}

export function storeReader(client: ClickHouseClient): StoreReader {
  return {
    rows: async <Row>(query: string, query_params: Parameters = {}): Promise<readonly Row[]> => {
      const result = await client.query({ query, query_params, format: 'JSONEachRow' });
      return result.json<Row>();
    },
  };
}
