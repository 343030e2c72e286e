/** The rows of a session as frames again, for the view that made its live result. */
import type { Frame, FrameHeader, HostName, RawMapEntry } from '@bpfleet/protocol';
import type { Parameters, StoreReader } from '../store/reader.ts';
import { bytesOf, EMPTY_WINDOW, entryOf, type ValueRow } from '../store/value-columns.ts';

/** When a map was printed, Unix nanoseconds. */
export const PRINTED_AT = 'toInt64(nsecs + boot_to_unix_ns)';
export const PRINTED_WITHIN: string = `${PRINTED_AT} >= {from:Int64} AND ${PRINTED_AT} < {to:Int64}`;

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

/** A frame before it has its place in its runner's sequence. */
interface Unnumbered {
  readonly row: RunnerRow & { readonly boot_to_unix_ns?: string };
  readonly frame: Frame;
}

/** By its number, or by a moment within it, Unix nanoseconds; `last` is the last one with anything in it. */
export type MapWindow = number | 'last' | { readonly atNs: bigint };

export interface StoredPart {
  /** Of the maps: as they stood at the end, or when this window of theirs ended. */
  readonly window?: MapWindow;
  /** Printed maps of this fleet time, Unix nanoseconds; none where absent. */
  readonly printed?: { readonly fromNs: bigint; readonly toNs: bigint };
}

/**
 * Printed maps are in order of time. A runner's names and maps come ahead of its first print, and those of the runners
 * before it on the same host ahead of these: a print includes what they had counted.
 */
export async function readStoredFrames(
  reader: StoreReader,
  session: string,
  { window, printed }: StoredPart,
): Promise<readonly StoredFrame[]> {
  const select = async <Row>(sql: string, more: Parameters = {}): Promise<readonly Row[]> =>
    reader.rows<Row>(sql, { session, ...more });
  const names = await select<NameRow>(
    `SELECT host, epoch, schema_hash, type, id, text FROM names FINAL
     WHERE session = {session:String} ORDER BY epoch, host`,
  );
  const maps = await select<MapRow>(
    `SELECT host, epoch, map, window, deleted, ${VALUES} FROM map_points FINAL
     WHERE session = {session:String} AND ${windowCondition(window)}
     ORDER BY epoch, host, map, window`,
    typeof window === 'number'
      ? { window }
      : typeof window === 'object'
        ? { moment: String(window.atNs) }
        : {},
  );
  const prints =
    printed === undefined
      ? []
      : await select<PrintRow>(
          `SELECT host, epoch, event, ordinal, nsecs, boot_to_unix_ns, ${VALUES} FROM print_points
           WHERE session = {session:String} AND ${PRINTED_WITHIN}
           ORDER BY nsecs + boot_to_unix_ns, host, epoch, event, ordinal`,
          rangeParameters(printed),
        );
  const state = [
    ...grouped(names, runnerOf).map((rows) => ({ row: rows[0], frame: nameFrame(rows) })),
    ...grouped(maps, (row) => `${runnerOf(row)} ${row.window} ${row.map}`).map((rows) => ({
      row: rows[0],
      frame: mapFrame(rows),
    })),
    // Stable: within a runner names stay ahead of maps, and windows in their order.
  ].toSorted((a, b) => Number(a.row.epoch) - Number(b.row.epoch));
  const reports = grouped(prints, (row) => `${runnerOf(row)} ${row.event} ${row.ordinal}`).map(
    (rows) => ({ row: rows[0], frame: printFrame(rows) }),
  );
  return numbered(session, interleaved(state, reports));
}

export function rangeParameters({ fromNs, toNs }: NonNullable<StoredPart['printed']>): Parameters {
  return { from: String(fromNs), to: String(toNs) };
}

/** Earlier windows are most of what there is, and a view would forget them at once. */
function windowCondition(window: StoredPart['window']): string {
  if (typeof window === 'number') return 'window = {window:UInt32}';
  if (typeof window === 'object') {
    return `(map, host, epoch, window) IN (
      SELECT map, host, epoch, min(window) FROM (
        SELECT map, host, epoch, window, max(at) AS ended FROM map_points
        WHERE session = {session:String} GROUP BY map, host, epoch, window)
      WHERE ended >= fromUnixTimestamp64Nano({moment:Int64}) GROUP BY map, host, epoch)`;
  }
  return `(map, host, epoch, window) IN (
      SELECT map, host, epoch, max(window) FROM map_points
      WHERE session = {session:String}${window === 'last' ? ' AND NOT deleted' : ''}
      GROUP BY map, host, epoch)`;
}

function interleaved(
  state: readonly Unnumbered[],
  prints: readonly Unnumbered[],
): readonly Unnumbered[] {
  const waiting = new Map<string, Unnumbered[]>();
  for (const each of state) {
    const ofHost = waiting.get(each.row.host);
    if (ofHost === undefined) waiting.set(each.row.host, [each]);
    else ofHost.push(each);
  }
  const frames: Unnumbered[] = [];
  for (const print of prints) {
    const ofHost = waiting.get(print.row.host) ?? [];
    const later = ofHost.findIndex(({ row }) => Number(row.epoch) > Number(print.row.epoch));
    frames.push(...ofHost.splice(0, later === -1 ? ofHost.length : later), print);
  }
  return [...frames, ...[...waiting.values()].flat()];
}

function numbered(session: string, frames: readonly Unnumbered[]): readonly StoredFrame[] {
  const sequences = new Map<string, number>();
  return frames.map(({ row, frame }) => {
    const { host, epoch, schema_hash: schemaHash } = row;
    const sequence = sequences.get(runnerOf(row)) ?? 0;
    sequences.set(runnerOf(row), sequence + 1);
    const bootToUnixNs = BigInt(row.boot_to_unix_ns ?? 0);
    const header = { session, host, schemaHash, epoch: Number(epoch), sequence, bootToUnixNs };
    return { header, frame };
  });
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
