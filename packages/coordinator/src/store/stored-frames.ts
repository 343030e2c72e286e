/** The rows of a session as frames again: one per runner and map, in an order in which the names come first. */
import type { Frame, FrameHeader, HostName, RawMapEntry } from '@bpfleet/protocol';
import type { ClickHouseClient } from '@clickhouse/client';
import { bytesOf, EMPTY_WINDOW, entryOf, type ValueRow } from './value-columns.ts';

const VALUES = 'key_id, kind, count, total, extreme, buckets, bytes, schema_hash';

interface RunnerRow {
  readonly host: string;
  readonly epoch: string;
  readonly schema_hash: string;
}

type NameRow = RunnerRow & {
  readonly type: HostName['type'];
  readonly id: string;
  readonly text: readonly string[];
};

type MapRow = RunnerRow &
  ValueRow & { readonly map: string; readonly window: number; readonly deleted: boolean };

type PrintRow = RunnerRow &
  ValueRow & {
    readonly event: number;
    readonly ordinal: number;
    readonly nsecs: string;
    readonly boot_to_unix_ns: string;
  };

export interface StoredFrame {
  readonly header: FrameHeader;
  readonly frame: Frame;
}

/** Runners of a host in the order in which they ran. */
export async function* storedFrames(
  client: ClickHouseClient,
  session: string,
): AsyncGenerator<StoredFrame> {
  const select = async <Row>(query: string): Promise<readonly Row[]> => {
    const result = await client.query({
      query,
      query_params: { session },
      format: 'JSONEachRow',
    });
    return result.json<Row>();
  };
  const names = await select<NameRow>(
    `SELECT host, epoch, schema_hash, type, id, text FROM names FINAL
     WHERE session = {session:String} ORDER BY host, epoch`,
  );
  const maps = await select<MapRow>(
    `SELECT host, epoch, map, window, deleted, ${VALUES} FROM map_points FINAL
     WHERE session = {session:String} ORDER BY host, epoch, map, window`,
  );
  const prints = await select<PrintRow>(
    `SELECT host, epoch, event, ordinal, nsecs, boot_to_unix_ns, ${VALUES} FROM print_points
     WHERE session = {session:String} ORDER BY host, epoch, event, ordinal`,
  );
  const frames: (Unnumbered & { readonly epoch: string; readonly host: string })[] = [
    ...grouped(names, runnerOf).map((rows) => unnumbered(rows, nameFrame)),
    ...grouped(maps, (row) => `${runnerOf(row)} ${row.window} ${row.map}`).map((rows) =>
      unnumbered(rows, mapFrame),
    ),
    ...grouped(prints, (row) => `${runnerOf(row)} ${row.event} ${row.ordinal}`).map((rows) =>
      unnumbered(rows, printFrame),
    ),
  ];
  // Stable: within a runner names stay ahead of maps and windows in their order.
  frames.sort((a, b) => Number(a.epoch) - Number(b.epoch));
  const sequences = new Map<string, number>();
  for (const { host, epoch, schemaHash, bootToUnixNs, frame } of frames) {
    const runner = `${host} ${epoch}`;
    const sequence = sequences.get(runner) ?? 0;
    sequences.set(runner, sequence + 1);
    const header = { session, host, schemaHash, epoch: Number(epoch), sequence, bootToUnixNs };
    yield { header, frame };
  }
}

interface Unnumbered {
  readonly schemaHash: string;
  readonly bootToUnixNs: bigint;
  readonly frame: Frame;
}

function unnumbered<Row extends RunnerRow & { readonly boot_to_unix_ns?: string }>(
  rows: readonly [Row, ...Row[]],
  frameOf: (rows: readonly [Row, ...Row[]]) => Frame,
): Unnumbered & { readonly epoch: string; readonly host: string } {
  const [{ host, epoch, schema_hash, boot_to_unix_ns }] = rows;
  return {
    host,
    epoch,
    schemaHash: schema_hash,
    bootToUnixNs: BigInt(boot_to_unix_ns ?? 0),
    frame: frameOf(rows),
  };
}

function nameFrame(rows: readonly NameRow[]): Frame {
  return {
    kind: 'names',
    names: rows.map(({ type, id, text }) => ({ type, id: bytesOf(id), text })),
  };
}

function mapFrame(rows: readonly [MapRow, ...MapRow[]]): Frame {
  const present = rows.filter(({ key_id }) => key_id !== EMPTY_WINDOW);
  return {
    kind: 'map',
    map: rows[0].map,
    window: rows[0].window,
    entries: entriesOf(present.filter(({ deleted }) => !deleted)),
    deleted: [],
  };
}

function printFrame(rows: readonly [PrintRow, ...PrintRow[]]): Frame {
  const [{ event, ordinal, nsecs }] = rows;
  return { kind: 'print', event, ordinal, nsecs: BigInt(nsecs), entries: entriesOf(rows) };
}

function entriesOf(rows: readonly ValueRow[]): readonly RawMapEntry[] {
  return rows.flatMap((row) => entryOf(row) ?? []);
}

function runnerOf({ host, epoch }: RunnerRow): string {
  return `${host} ${epoch}`;
}

/** Neighbours of the same key; the rows come sorted. */
function grouped<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): readonly (readonly [Row, ...Row[]])[] {
  const groups: [Row, ...Row[]][] = [];
  let current: string | undefined;
  for (const row of rows) {
    const key = keyOf(row);
    const last = groups.at(-1);
    if (last !== undefined && key === current) last.push(row);
    else groups.push([row]);
    current = key;
  }
  return groups;
}
