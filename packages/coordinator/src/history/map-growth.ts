/**
 * What maps counted in intervals of time. Points are absolute values, so what a key counted in an interval is what it had at
 * its end less what it had at the beginning, within a window of the map; a window that began in between began at nothing.
 *
 * Of each key on each host the last point of each interval is added to that interval, and taken away from the next one
 * that has a point of the same window: all differences, without any of them being computed.
 */
import type { Buckets, TimeRange } from '@bpfleet/protocol';
import type { Parameters, StoreReader } from '../store/reader.ts';
import { bucketsOf } from './buckets.ts';
import { scopeConditions, type MapScope } from './map-scope.ts';

/** The tables of points over time, by what they keep one value of each key for. */
const TABLES = [
  { name: 'map_points_1s', seconds: 1 },
  { name: 'map_points_1m', seconds: 60 },
  { name: 'map_points_1h', seconds: 3_600 },
] as const;
type PointTable = (typeof TABLES)[number];

const COARSEST = TABLES[2];
const NS_PER_S = 1_000_000_000n;
/** With so many windows in an interval, those that reach over its ends do not matter. */
const MANY_WINDOWS = 4;

export interface Intervals {
  readonly range: TimeRange;
  readonly stepSeconds: number;
  readonly count: number;
}

export interface Grown {
  /** Number of the interval. */
  readonly interval: number;
  /** Empty where all were added up. */
  readonly host: string;
  readonly key: string;
  readonly count: bigint;
  readonly total: bigint;
  readonly buckets: Buckets;
}

/** By what is added up: nothing of it keeps all apart. */
export interface Grouping {
  readonly byHost: boolean;
  readonly byKey: boolean;
}

/** The time for which there are points, as the finest table has it that has its beginning; undefined where there are none. */
export async function knownRange(
  reader: StoreReader,
  scope: MapScope,
): Promise<TimeRange | undefined> {
  const { sql, parameters } = scopeConditions(scope);
  const ranges: { readonly first: number; readonly end: number }[] = [];
  for (const { name, seconds } of TABLES) {
    const [row] = await reader.rows<KnownRow & { readonly last: number }>(
      `SELECT count() AS known, toUnixTimestamp(min(at)) AS first, toUnixTimestamp(max(at)) AS last
       FROM ${name} WHERE ${sql}`,
      parameters,
    );
    if (row === undefined || row.known === '0') continue;
    ranges.push({ first: row.first, end: row.last + seconds });
  }
  const firstHour = ranges.at(-1)?.first;
  const whole = ranges.find(({ first }) => hasBeginning(first, firstHour));
  const [finest] = ranges;
  if (whole === undefined || finest === undefined) return undefined;
  return { fromNs: BigInt(whole.first) * NS_PER_S, toNs: BigInt(finest.end) * NS_PER_S };
}

interface KnownRow {
  readonly known: string;
  readonly first: number;
}

/** Points of a finer table are deleted earlier: it has them all if it begins in the hour in which the coarsest does. */
function hasBeginning(first: number, firstHour = 0): boolean {
  return first < firstHour + COARSEST.seconds;
}

/** @returns rows of intervals in which anything was counted; differences can be negative where keys were deleted */
export async function readGrowth(
  reader: StoreReader,
  scope: MapScope,
  intervals: Intervals,
  grouping: Grouping,
): Promise<readonly Grown[]> {
  const table = await tableFor(reader, scope, intervals);
  const windows = await countWindows(reader, scope, intervals);
  if (windows >= MANY_WINDOWS * intervals.count) {
    return readWindows(reader, scope, intervals, grouping);
  }
  const { sql, parameters } = scopeConditions(scope);
  const [groups, groupBy] = groupColumns(grouping);
  const interval = `if(at < toDateTime({from:Int64}), -1,
    intDiv(toInt64(toUnixTimestamp(at)) - {from:Int64}, {step:Int64}))`;
  const columns = 'host, epoch, window, key_id, key, at, count, total, buckets';
  const rows = await reader.rows<GrownRow & { readonly following: string }>(
    `SELECT interval, following, ${groups}, ${SUMS} FROM (
       SELECT host, key, points.count AS count, points.total AS total, buckets, interval,
         leadInFrame(interval, 1, -2) OVER (
           PARTITION BY host, epoch, window, key_id ORDER BY at
           ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS following
       FROM (
         SELECT ${columns}, toInt64(-1) AS interval FROM ${COARSEST.name} FINAL
         WHERE ${sql} AND at < toDateTime({hour:Int64})
         UNION ALL
         SELECT ${columns}, toInt64(${interval}) AS interval FROM ${table.name} FINAL
         WHERE ${sql} AND at >= toDateTime({hour:Int64}) AND at < toDateTime({to:Int64})
       ) AS points
     )
     WHERE following != interval AND (interval >= 0 OR following >= 0)
     GROUP BY interval, following${groupBy}`,
    { ...parameters, ...intervalParameters(intervals) },
  );
  return rows.flatMap((row) => {
    const { following } = row;
    const grown = grownOf(row);
    return [
      ...(grown.interval >= 0 ? [grown] : []),
      ...(Number(following) >= 0 ? [negated({ ...grown, interval: Number(following) })] : []),
    ];
  });
}

interface GrownRow {
  readonly interval: string;
  readonly group_host: string;
  readonly group_key: string;
  readonly sum_count: string;
  readonly sum_total: string;
  readonly sum_buckets: Readonly<Record<string, string>>;
}

const SUMS = 'sum(count) AS sum_count, sum(total) AS sum_total, sumMap(buckets) AS sum_buckets';

function groupColumns({ byHost, byKey }: Grouping): readonly [select: string, groupBy: string] {
  return [
    `${byHost ? 'toString(host)' : "''"} AS group_host, ${byKey ? 'key' : "''"} AS group_key`,
    `${byHost ? ', group_host' : ''}${byKey ? ', group_key' : ''}`,
  ];
}

/** Maps that are cleared all the time have one point for each window, which is all that it counted. */
async function readWindows(
  reader: StoreReader,
  scope: MapScope,
  intervals: Intervals,
  grouping: Grouping,
): Promise<readonly Grown[]> {
  const { sql, parameters } = scopeConditions(scope);
  const [groups, groupBy] = groupColumns(grouping);
  const rows = await reader.rows<GrownRow>(
    `SELECT intDiv(toInt64(toUnixTimestamp(at)) - {from:Int64}, {step:Int64}) AS interval, ${groups}, ${SUMS}
     FROM map_points FINAL
     WHERE ${sql} AND at >= toDateTime({from:Int64}) AND at < toDateTime({to:Int64})
     GROUP BY interval${groupBy}`,
    { ...parameters, ...intervalParameters(intervals) },
  );
  return rows.map(grownOf);
}

async function countWindows(
  reader: StoreReader,
  scope: MapScope,
  intervals: Intervals,
): Promise<number> {
  const { sql, parameters } = scopeConditions(scope);
  const [row] = await reader.rows<{ readonly windows: string }>(
    `SELECT uniqExact(window) AS windows FROM map_points
     WHERE ${sql} AND at >= toDateTime({from:Int64}) AND at < toDateTime({to:Int64})`,
    { ...parameters, ...intervalParameters(intervals) },
  );
  return Number(row?.windows ?? 0);
}

/** The coarsest that is fine enough; a coarser one where the beginning of the finer has been deleted, as it is in time. */
async function tableFor(
  reader: StoreReader,
  scope: MapScope,
  intervals: Intervals,
): Promise<PointTable> {
  const { sql, parameters } = scopeConditions(scope);
  const from = intervals.range.fromNs / NS_PER_S;
  const fineEnough = TABLES.findLastIndex(
    ({ seconds }) => intervals.stepSeconds % seconds === 0 && from % BigInt(seconds) === 0n,
  );
  const firstOf = async ({ name }: PointTable): Promise<number | undefined> => {
    const [row] = await reader.rows<KnownRow>(
      `SELECT count() AS known, toUnixTimestamp(min(at)) AS first FROM ${name}
       WHERE ${sql} AND at >= toDateTime({hour:Int64}) AND at < toDateTime({to:Int64})`,
      { ...parameters, ...intervalParameters(intervals) },
    );
    return row === undefined || row.known === '0' ? undefined : row.first;
  };
  const firstHour = await firstOf(COARSEST);
  for (const table of TABLES.slice(Math.max(0, fineEnough))) {
    const first = await firstOf(table);
    if (first !== undefined && hasBeginning(first, firstHour)) return table;
  }
  return COARSEST;
}

function intervalParameters({ range, stepSeconds }: Intervals): Parameters {
  const from = range.fromNs / NS_PER_S;
  const hour = BigInt(COARSEST.seconds);
  return {
    from: String(from),
    to: String((range.toNs + NS_PER_S - 1n) / NS_PER_S),
    hour: String(from - (from % hour)),
    step: stepSeconds,
  };
}

function grownOf(row: GrownRow): Grown {
  return {
    interval: Number(row.interval),
    host: row.group_host,
    key: row.group_key,
    count: BigInt(row.sum_count),
    total: BigInt(row.sum_total),
    buckets: bucketsOf(row.sum_buckets),
  };
}

function negated(grown: Grown): Grown {
  return {
    ...grown,
    count: -grown.count,
    total: -grown.total,
    buckets: grown.buckets.map(([at, hits]) => [at, -hits]),
  };
}
