/**
 * The time from which on everything that a session printed is shown: a session may have printed millions of lines, of
 * which a reader wants the last.
 */
import type { Omitted } from '@bpfleet/protocol';
import type { StoreReader } from '../store/reader.ts';
import { PRINTED_AT, PRINTED_WITHIN, rangeParameters } from './stored-frames.ts';

/** Of printed maps; each row is a key on a host. */
const MAX_PRINT_ROWS = 200_000;

export interface PrintedRange {
  /** Unix nanoseconds; `toNs` is not within. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** Any time that the store can hold. */
export const ALL_TIME: PrintedRange = { fromNs: 0n, toNs: 2n ** 63n - 1n };

export const EVENTS_WITHIN =
  'at >= fromUnixTimestamp64Nano({from:Int64}) AND at < fromUnixTimestamp64Nano({to:Int64})';

/** The last `most` lines and the last `most` maps of a range, or fewer: both begin at one time. */
export async function lastPrinted(
  reader: StoreReader,
  session: string,
  range: PrintedRange,
  most: number,
): Promise<PrintedRange & { readonly omitted?: Omitted }> {
  const parameters = { session, most, ...rangeParameters(range) };
  const lines = await countLines(reader, session, range);
  const [earliest] =
    lines <= most
      ? []
      : await reader.rows<{ readonly ns: string }>(
          `SELECT toUnixTimestamp64Nano(at) AS ns FROM events
           WHERE session = {session:String} AND ${EVENTS_WITHIN}
           ORDER BY at DESC LIMIT 1 OFFSET {most:UInt32} - 1`,
          parameters,
        );
  const prints = await reader.rows<{ readonly ns: string; readonly entries: string }>(
    `SELECT min(${PRINTED_AT}) AS ns, count() AS entries FROM print_points
     WHERE session = {session:String} AND ${PRINTED_WITHIN}
     GROUP BY event, ordinal ORDER BY ns DESC LIMIT {most:UInt32} + 1`,
    parameters,
  );
  const fromNs = later(
    earliest === undefined ? range.fromNs : BigInt(earliest.ns),
    fitting(prints, most),
  );
  if (fromNs <= range.fromNs) return range;
  const before = { fromNs: range.fromNs, toNs: fromNs };
  const omitted = {
    lines: await countLines(reader, session, before),
    maps: await countMaps(reader, session, before),
    beforeNs: fromNs,
  };
  return { fromNs, toNs: range.toNs, ...(omitted.lines + omitted.maps > 0 && { omitted }) };
}

/** Newest first; the time of the last that fits, or of none. */
function fitting(
  prints: readonly { readonly ns: string; readonly entries: string }[],
  most: number,
): bigint {
  let entries = 0;
  let fits: bigint | undefined;
  for (const [index, print] of prints.entries()) {
    entries += Number(print.entries);
    if (index > 0 && (index >= most || entries > MAX_PRINT_ROWS)) return fits ?? 0n;
    fits = BigInt(print.ns);
  }
  return 0n;
}

async function countLines(
  reader: StoreReader,
  session: string,
  range: PrintedRange,
): Promise<number> {
  const [row] = await reader.rows<{ readonly lines: string }>(
    `SELECT count() AS lines FROM events WHERE session = {session:String} AND ${EVENTS_WITHIN}`,
    { session, ...rangeParameters(range) },
  );
  return Number(row?.lines ?? 0);
}

async function countMaps(
  reader: StoreReader,
  session: string,
  range: PrintedRange,
): Promise<number> {
  const [row] = await reader.rows<{ readonly maps: string }>(
    `SELECT uniqExact(event, ordinal) AS maps FROM print_points
     WHERE session = {session:String} AND ${PRINTED_WITHIN}`,
    { session, ...rangeParameters(range) },
  );
  return Number(row?.maps ?? 0);
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
