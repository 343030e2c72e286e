/** Histograms: from bucket counts to labelled rows, and rows to text. */
import type { MapValueType } from '../schema/map-schema.ts';
import { lhistBuckets } from '../schema/map-schema.ts';

/** A bucket bound: its value and how it is written (`4`, `16K`). */
export interface Bound {
  readonly value: bigint;
  readonly text: string;
}

/** `[low, high)`; open at one end when absent. */
export interface HistogramRow {
  readonly low: Bound | undefined;
  readonly high: Bound | undefined;
  readonly count: bigint;
  /** The bucket holds one integer: written `[n]`. */
  readonly single: boolean;
}

export type HistogramType = Extract<MapValueType, { kind: 'hist' | 'lhist' }>;
type Buckets = readonly (readonly [number, bigint])[];

const BAR_WIDTH = 52;
const SUFFIXES = ['', 'K', 'M', 'G', 'T', 'P', 'E'];

/** The span from the first to the last non-empty bucket. `divisor` is applied to counts of hist, not of lhist. */
export function histogramRows(
  type: HistogramType,
  buckets: Buckets,
  divisor: bigint,
): HistogramRow[] {
  const counts = new Map(buckets.filter(([, count]) => count > 0n));
  if (counts.size === 0) return [];
  const indices = [...counts.keys()];
  const first = Math.min(...indices);
  const last = Math.max(...indices);
  const rows: HistogramRow[] = [];
  for (let index = first; index <= last; index++) {
    const count = counts.get(index) ?? 0n;
    rows.push(
      type.kind === 'hist'
        ? logRow(type.bits, index, count / divisor)
        : linearRow(type, index, count),
    );
  }
  return rows;
}

/** How a bucket is written, such as `[4K, 8K)`. */
export function bucketLabel(type: HistogramType, index: number): string {
  return label(type.kind === 'hist' ? logRow(type.bits, index, 0n) : linearRow(type, index, 0n));
}

/** Lines of a header, a count and a bar; the longest bar fills its column. */
export function histogramText(rows: readonly HistogramRow[]): string {
  const largest = rows.reduce((max, row) => (row.count > max ? row.count : max), 0n);
  return rows.map((row) => `${rowText(row, largest)}\n`).join('');
}

function rowText(row: HistogramRow, largest: bigint): string {
  const count = row.count.toString().padStart(8);
  const bar = '@'.repeat(barWidth(row.count, largest)).padEnd(BAR_WIDTH);
  return `${label(row).padEnd(16)}${count} |${bar}|`;
}

function label({ low, high, single }: HistogramRow): string {
  if (low === undefined) return `(..., ${high?.text ?? ''})`;
  if (high === undefined) return `[${low.text}, ...)`;
  return single ? `[${low.text}]` : `[${low.text}, ${high.text})`;
}

/** In single precision and cut off, as bpftrace computes it: one column more or less shows. */
function barWidth(count: bigint, largest: bigint): number {
  if (largest === 0n) return 0;
  const share = Math.fround(Math.fround(Number(count)) / Math.fround(Number(largest)));
  return Math.trunc(Math.fround(share * BAR_WIDTH));
}

/** Bucket 0 holds the negative numbers, bucket i those from bound i − 1 up to bound i. */
function logRow(bits: number, index: number, count: bigint): HistogramRow {
  const high = logBound(bits, index);
  if (index === 0) return { low: undefined, high, count, single: false };
  return { low: logBound(bits, index - 1), high, count, single: index <= 2 << bits };
}

/**
 * Up to 2 · 2^bits every bound is its own index. From there each power of two is divided into 2^bits steps; the
 * suffix is that of the step's size, so that a bound stays a whole number.
 */
function logBound(bits: number, index: number): Bound {
  if (index <= 2 << bits) return { value: BigInt(index), text: index.toString() };
  const steps = 1 << bits;
  const position = BigInt(steps + (index & (steps - 1)));
  const power = (index >> bits) - 1;
  const scaled = position << BigInt(power % 10);
  return {
    value: position << BigInt(power),
    text: `${scaled}${SUFFIXES[Math.floor(power / 10)] ?? ''}`,
  };
}

function linearRow(
  type: Extract<HistogramType, { kind: 'lhist' }>,
  index: number,
  count: bigint,
): HistogramRow {
  const high = linearBound(type.min + BigInt(index) * type.step, type.step);
  if (index === 0) return { low: undefined, high, count, single: false };
  const low = linearBound(type.min + BigInt(index - 1) * type.step, type.step);
  const open = index === lhistBuckets(type.min, type.max, type.step) - 1;
  if (open) return { low, high: undefined, count, single: false };
  return { low, high, count, single: type.step === 1n };
}

function linearBound(value: bigint, step: bigint): Bound {
  return { value, text: step % 1024n === 0n ? kiloText(value) : value.toString() };
}

function kiloText(value: bigint): string {
  if (value === 0n) return '0';
  if (value % 1_048_576n === 0n) return `${value / 1_048_576n}M`;
  if (value % 1024n === 0n) return `${value / 1024n}K`;
  return value.toString();
}
