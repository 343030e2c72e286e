/** A heat map as a grid: rows are buckets, the highest first, columns are intervals of time. */
import { bucketLabel, type HeatmapAnswer } from '@bpfleet/protocol';

export interface HeatGrid {
  readonly rows: readonly HeatRow[];
  /** Of any cell. */
  readonly most: bigint;
}

export interface HeatRow {
  readonly label: string;
  /** Hits, one for each interval. */
  readonly cells: readonly bigint[];
}

/** From the lowest bucket with anything in it to the highest, as `print()` shows them. */
export function heatGrid({ type, columns }: HeatmapAnswer): HeatGrid {
  let [lowest, highest] = [Infinity, -Infinity];
  let most = 0n;
  for (const [bucket, hits] of columns.flat()) {
    lowest = Math.min(lowest, bucket);
    highest = Math.max(highest, bucket);
    if (hits > most) most = hits;
  }
  const rows: HeatRow[] = [];
  const counted = columns.map((buckets) => new Map(buckets));
  for (let bucket = highest; bucket >= lowest; bucket--) {
    rows.push({
      label: bucketLabel(type, bucket),
      cells: counted.map((hits) => hits.get(bucket) ?? 0n),
    });
  }
  return { rows, most };
}

/** How hot a cell is, 0 to 1, by the logarithm: one hit is seen beside a million. Nothing is 0. */
export function heatOf(hits: bigint, most: bigint): number {
  if (hits <= 0n) return 0;
  if (most <= 1n) return 1;
  return (1 + Math.log(Number(hits))) / (1 + Math.log(Number(most)));
}
