/** The spans and pairs that a session was run to find, as they stood among what it printed. */
import type { OutputItem, RunRequest, SessionInfo } from '@bpfleet/protocol';
import { parseCorrelation } from '../correlation/requested.ts';
import type { StoreReader } from '../store/reader.ts';
import { HistoryFault } from './find-session.ts';
import type { PrintedRange } from './printed-range.ts';
import { rangeParameters } from './stored-frames.ts';
import { openTimeline, type SessionFinder } from './timeline.ts';

/** A join of what is everywhere makes more than anybody reads. */
const MOST = 100_000;

/** In order of time. */
export async function correlatedOutput(
  reader: StoreReader,
  finder: SessionFinder,
  { id, coverage }: SessionInfo,
  { fromNs, toNs }: PrintedRange,
): Promise<readonly OutputItem[]> {
  const { spans, joins } = coverage;
  if (spans === undefined && joins === undefined) return [];
  const made: OutputItem[] = [];
  try {
    const { joins: written } = joins === undefined ? {} : await finder.request(id);
    const begun = await begunBefore(reader, id, { fromNs, toNs });
    const paired = fromNs - longestWithin(written);
    const items = await openTimeline(reader, finder, {
      sessions: [{ id }],
      fromNs: least(begun, paired),
      toNs,
    });
    for await (const item of items) {
      const isFound = item.kind === 'span' || item.kind === 'pair';
      if (isFound && item.unixNs >= fromNs) made.push(item);
      if (made.length >= MOST) break;
    }
  } catch (error) {
    // It printed nothing then.
    if (!(error instanceof HistoryFault)) throw error;
  }
  return made;
}

/** When the first of the spans began that are open in this range: what ends in it may have begun long before. */
async function begunBefore(
  reader: StoreReader,
  session: string,
  range: PrintedRange,
): Promise<bigint> {
  const [row] = await reader.rows<{ readonly ns: string; readonly spans: string }>(
    `SELECT toUnixTimestamp64Nano(min(enter_at)) AS ns, count() AS spans FROM spans
     WHERE session = {session:String}
       AND exit_at >= fromUnixTimestamp64Nano({from:Int64}) AND enter_at < fromUnixTimestamp64Nano({to:Int64})`,
    { session, ...rangeParameters(range) },
  );
  return row === undefined || row.spans === '0' ? range.fromNs : BigInt(row.ns);
}

function longestWithin(joins: RunRequest['joins'] = []): bigint {
  const correlation = parseCorrelation({ joins });
  return (correlation?.joins ?? []).reduce(
    (most, { withinNs }) => (withinNs > most ? withinNs : most),
    0n,
  );
}

/** Not before the epoch: the store has no such times. */
function least(a: bigint, b: bigint): bigint {
  const smaller = a < b ? a : b;
  return smaller < 0n ? 0n : smaller;
}

/** Each after the events of its time. */
export function among(
  events: readonly OutputItem[],
  correlated: readonly OutputItem[],
): readonly OutputItem[] {
  if (correlated.length === 0) return events;
  return [...events, ...correlated].toSorted((one, other) => {
    const apart = timeOf(one) - timeOf(other);
    return apart < 0n ? -1 : apart > 0n ? 1 : 0;
  });
}

function timeOf(item: OutputItem): bigint {
  return 'unixNs' in item ? (item.unixNs ?? 0n) : 0n;
}
