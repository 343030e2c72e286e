/** When events of a session's hosts may be missing, out of the store. */
import type { Loss } from '@bpfleet/protocol';
import type { StoreReader } from '../store/reader.ts';
import type { EventFilter } from './stored-events.ts';
import { ALL_TIME } from './printed-range.ts';

const PAGE_ROWS = 10_000;

interface LossRow {
  readonly host: string;
  readonly from_ns: string;
  readonly to_ns: string;
  readonly count: string;
}

/** In order of their beginnings; those that reach into the time that is asked for. */
export async function* storedLosses(
  reader: StoreReader,
  session: string,
  { host, fromNs = ALL_TIME.fromNs, toNs = ALL_TIME.toNs }: EventFilter,
): AsyncGenerator<Loss> {
  let offset = 0;
  for (;;) {
    const rows = await reader.rows<LossRow>(
      `SELECT host, toUnixTimestamp64Nano(after) AS from_ns, toUnixTimestamp64Nano(until) AS to_ns, count
       FROM losses FINAL
       WHERE session = {session:String} AND until >= fromUnixTimestamp64Nano({from:Int64})
         AND after < fromUnixTimestamp64Nano({to:Int64}) ${host === undefined ? '' : 'AND host = {host:String}'}
       ORDER BY after, host, epoch, sequence LIMIT {rows:UInt32} OFFSET {offset:UInt64}`,
      {
        ...{ session, rows: PAGE_ROWS, offset, from: String(fromNs), to: String(toNs) },
        ...(host !== undefined && { host }),
      },
    );
    for (const row of rows) {
      const [from, to] = [BigInt(row.from_ns), BigInt(row.to_ns)];
      yield { host: row.host, fromNs: from, toNs: to, count: Number(row.count) };
    }
    if (rows.length < PAGE_ROWS) return;
    offset += PAGE_ROWS;
  }
}
