/** Figures side by side, as ratios; and those that stand alone. */
import type { CompileTime } from './compile-time.ts';

export interface Comparison {
  readonly name: string;
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  /** Of runs that alternated. */
  readonly bpfleet: readonly number[];
  readonly bpftrace: readonly number[];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** One line for what has no peer: the first run, and the median of the warm ones with their range. */
export function timeLine({ name, firstMs, warmMs }: CompileTime): string {
  return `${name.padEnd(34)} ${'ms'.padEnd(9)} first ${firstMs.toFixed(1)}, warm ${figure(warmMs)}`;
}

function figure(values: readonly number[]): string {
  const digits = (value: number): string => value.toFixed(value < 100 ? 1 : 0);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${digits(median(values))} (${digits(low)}–${digits(high)})`;
}

/** One line: both medians with their ranges, and how many times better or worse bpfleet is. */
export function comparisonLine({ name, unit, better, bpfleet, bpftrace }: Comparison): string {
  const [ours, theirs] = [median(bpfleet), median(bpftrace)];
  const ratio = better === 'lower' ? theirs / ours : ours / theirs;
  return [
    name.padEnd(34),
    unit.padEnd(9),
    figure(bpfleet).padStart(28),
    figure(bpftrace).padStart(28),
    `${ratio.toFixed(2)}×`.padStart(8),
  ].join(' ');
}

export const HEADER = [
  'measure'.padEnd(34),
  'unit'.padEnd(9),
  'bpfleet median (min–max)'.padStart(28),
  'bpftrace median (min–max)'.padStart(28),
  'better'.padStart(8),
].join(' ');
