/** The spans and pairs that a session was run to find, as they stood among what it printed. */
import type { OutputItem, SessionInfo } from '@bpfleet/protocol';
import type { StoreReader } from '../store/reader.ts';
import { HistoryFault } from './find-session.ts';
import type { PrintedRange } from './printed-range.ts';
import { openTimeline, type SessionFinder } from './timeline.ts';

/** What began so long before the part that is shown still ends in it; a timeline has all. */
const BEGUN_BEFORE_NS = 60_000_000_000n;
/** A join of what is everywhere makes more than anybody reads. */
const MOST = 100_000;

/** In order of time. */
export async function correlatedOutput(
  reader: StoreReader,
  finder: SessionFinder,
  { id, coverage }: SessionInfo,
  { fromNs, toNs }: PrintedRange,
): Promise<readonly OutputItem[]> {
  const made: OutputItem[] = [];
  if (coverage.spans === undefined && coverage.joins === undefined) return made;
  const beginsNs = fromNs > BEGUN_BEFORE_NS ? fromNs - BEGUN_BEFORE_NS : 0n;
  try {
    const sessions = [{ id }];
    for await (const item of await openTimeline(reader, finder, {
      sessions,
      fromNs: beginsNs,
      toNs,
    })) {
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
