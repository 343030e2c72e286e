/** What maps counted from the beginning of a session to its end: all windows and all runners together. */
import type { Buckets, Measure } from '@bpfleet/protocol';
import type { StoreReader } from '../store/reader.ts';
import { addBuckets, bucketsOf, hitsOf } from './buckets.ts';
import { HistoryFault } from './find-session.ts';
import { readGrowth, type Grouping, type Intervals } from './map-growth.ts';
import { scopeConditions, type MapScope } from './map-scope.ts';

export interface Ranked {
  readonly host: string;
  readonly key: string;
  readonly value: bigint;
  /** On so many hosts. */
  readonly hosts: number;
}

export interface Ranking {
  readonly entries: readonly Ranked[];
  readonly of: number;
  readonly sum: bigint;
}

export interface Total {
  readonly host: string;
  readonly key: string;
  readonly value: bigint;
  /** Of histograms; else empty. */
  readonly buckets: Buckets;
}

/** Averages are whole numbers, as they are printed. */
const VALUES: Readonly<Record<Measure, string>> = {
  count: 'sum(toInt128(points.count))',
  total: 'sum(points.total)',
  hits: 'sum(toInt128(arraySum(mapValues(points.buckets))))',
  average: 'if(sum(points.count) = 0, 0, intDiv(sum(points.total), toInt128(sum(points.count))))',
  min: 'min(points.extreme)',
  max: 'max(points.extreme)',
  // The latest of each: there is no sum of them.
  value: 'argMax(toInt128OrZero(points.text), (points.epoch, points.window, points.sequence))',
};

function groups({ byHost, byKey }: Grouping): readonly [select: string, groupBy: string] {
  const columns = [...(byHost ? ['group_host'] : []), ...(byKey ? ['group_key'] : [])];
  return [
    `${byHost ? 'toString(points.host)' : "''"} AS group_host, ${byKey ? 'points.key' : "''"} AS group_key`,
    columns.length === 0 ? '' : `GROUP BY ${columns.join(', ')}`,
  ];
}

/** The largest `limit` of all, and what all come to. */
export async function readRanking(
  reader: StoreReader,
  scope: MapScope,
  measure: Measure,
  grouping: Grouping,
  limit: number,
): Promise<Ranking> {
  const { sql, parameters } = scopeConditions(scope);
  const [select, groupBy] = groups(grouping);
  const rows = await reader.rows<{
    readonly group_host: string;
    readonly group_key: string;
    readonly value: string;
    readonly on_hosts: string;
    readonly of: string;
    readonly all: string;
  }>(
    `SELECT *, count() OVER () AS of, sum(value) OVER () AS all FROM (
       SELECT ${select}, ${VALUES[measure]} AS value, uniqExact(points.host) AS on_hosts
       FROM map_points AS points FINAL WHERE ${sql} ${groupBy}
     ) ORDER BY value DESC, group_host, group_key LIMIT {limit:UInt32}`,
    { ...parameters, limit },
  );
  const [first] = rows;
  return {
    entries: rows.map((row) => ({
      host: row.group_host,
      key: row.group_key,
      value: BigInt(row.value),
      hosts: Number(row.on_hosts),
    })),
    of: Number(first?.of ?? 0),
    sum: BigInt(first?.all ?? 0),
  };
}

export async function readTotals(
  reader: StoreReader,
  scope: MapScope,
  measure: Measure,
  grouping: Grouping,
): Promise<readonly Total[]> {
  const { sql, parameters } = scopeConditions(scope);
  const [select, groupBy] = groups(grouping);
  const buckets = measure === 'hits' ? 'sumMap(points.buckets)' : 'map()';
  const rows = await reader.rows<{
    readonly group_host: string;
    readonly group_key: string;
    readonly value: string;
    readonly sum_buckets: Readonly<Record<string, string>>;
  }>(
    `SELECT ${select}, ${VALUES[measure]} AS value, ${buckets} AS sum_buckets
     FROM map_points AS points FINAL WHERE ${sql} ${groupBy}`,
    parameters,
  );
  return rows.map((row) => ({
    host: row.group_host,
    key: row.group_key,
    value: BigInt(row.value),
    buckets: bucketsOf(row.sum_buckets),
  }));
}

/** As above, of one interval of time. @throws {HistoryFault} for what has no value for a part of the time */
export async function readTotalsWithin(
  reader: StoreReader,
  scope: MapScope,
  intervals: Intervals,
  measure: Measure,
  grouping: Grouping,
): Promise<readonly Total[]> {
  if (measure === 'min' || measure === 'max' || measure === 'value') {
    const what = measure === 'value' ? 'latest value' : measure;
    throw new HistoryFault(
      'invalid',
      `${scope.map.name} keeps a ${what}, which is not known for a part of the time`,
    );
  }
  const sums = new Map<
    string,
    { host: string; key: string; count: bigint; total: bigint; buckets: Buckets }
  >();
  for (const { host, key, count, total, buckets } of await readGrowth(
    reader,
    scope,
    intervals,
    grouping,
  )) {
    const id = JSON.stringify([host, key]);
    const sum = sums.get(id) ?? { host, key, count: 0n, total: 0n, buckets: [] };
    sum.count += count;
    sum.total += total;
    sum.buckets = addBuckets(sum.buckets, buckets);
    sums.set(id, sum);
  }
  return [...sums.values()].map(({ host, key, count, total, buckets }) => {
    const average = count === 0n ? 0n : total / count;
    const value = { count, total, average, hits: hitsOf(buckets) }[measure];
    return { host, key, value, buckets };
  });
}
