/** Ranges of time cut into intervals that the store can tell of: their ends are those of the points it keeps. */
import type { PartOfTime, TimeRange } from '@bpfleet/protocol';
import type { Intervals } from './map-growth.ts';

const NS_PER_S = 1_000_000_000n;
const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;

/** Of one interval: so long a range is told from points of a second, of a minute, and else of an hour. */
const LONGEST_IN_SECONDS = 6 * HOUR_S;
const LONGEST_IN_MINUTES = 10 * DAY_S;

/** Widths of intervals that people can read. */
const STEPS_S = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_S),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_S),
] as const;

/** The part of the known time that is asked for; undefined where there is none. */
export function within(known: TimeRange, { fromNs, toNs }: PartOfTime): TimeRange | undefined {
  const from = fromNs !== undefined && fromNs > known.fromNs ? fromNs : known.fromNs;
  const to = toNs !== undefined && toNs < known.toNs ? toNs : known.toNs;
  return from < to ? { fromNs: from, toNs: to } : undefined;
}

/** The whole range as one interval, as exact as points over so long a time are. */
export function oneInterval(range: TimeRange): Intervals {
  const seconds = Number((range.toNs - range.fromNs) / NS_PER_S);
  const unit =
    seconds <= LONGEST_IN_SECONDS ? 1 : seconds <= LONGEST_IN_MINUTES ? MINUTE_S : HOUR_S;
  const aligned = outward(range, unit);
  const stepSeconds = Number((aligned.toNs - aligned.fromNs) / NS_PER_S);
  return { range: aligned, stepSeconds, count: 1 };
}

/** At most `most` intervals, as narrow as that allows. */
export function intervalsOf(range: TimeRange, most: number): Intervals {
  const seconds = Number(range.toNs - range.fromNs) / Number(NS_PER_S);
  const days = Math.ceil(seconds / most / DAY_S) * DAY_S;
  for (const stepSeconds of [...STEPS_S, days]) {
    const aligned = outward(range, stepSeconds);
    const count = Number((aligned.toNs - aligned.fromNs) / NS_PER_S) / stepSeconds;
    if (count <= most || stepSeconds === days) return { range: aligned, stepSeconds, count };
  }
  return oneInterval(range);
}

function outward({ fromNs, toNs }: TimeRange, unitSeconds: number): TimeRange {
  const unit = BigInt(unitSeconds) * NS_PER_S;
  const over = toNs % unit;
  return { fromNs: fromNs - (fromNs % unit), toNs: over === 0n ? toNs : toNs - over + unit };
}
