/**
 * A map of the user's program: what its keys and values mean, and how the kernel map behind it is laid out.
 *
 * Kernel value layouts (of one CPU for the per-CPU types); integers are 64 bit little-endian:
 *
 *     plain        the value's own bytes
 *     count        u64
 *     sum          i64 total
 *     min, max     i64 value, u64 set (0 or 1)
 *     avg, stats   i64 total, u64 count
 *     hist         u64 bucket[histBuckets(bits)]
 *     lhist        u64 bucket[lhistBuckets(…)]: below min, one per step, max and above
 *     tseries      one slot for each interval, the intervals taking turns:
 *                  u64 1 + number of the interval since 1970, or 0; i64 value; u64 meta (see `SeriesPoint`)
 *
 * A scalar map (no key) is element 0 of an array. Where its value alone cannot tell "never assigned" from zero
 * (plain and sum), a u64 `set` flag follows the value, at the next multiple of 8.
 */
import type { SeriesAggregate } from '../value/time-series.ts';
import type { ValueType } from './value-type.ts';

export const SERIES_SLOT_BYTES = 24;
/** Values of one CPU may have 32 KiB in the kernel. */
export const MAX_SERIES_INTERVALS = 1365;

export type MapValueType =
  | { readonly kind: 'plain'; readonly type: ValueType }
  | { readonly kind: 'count' }
  | { readonly kind: 'sum' | 'min' | 'max' | 'avg' | 'stats'; readonly signed: boolean }
  /** `bits`: sub-buckets are 2^bits per power of two, 0 to 5. */
  | { readonly kind: 'hist'; readonly bits: number }
  | { readonly kind: 'lhist'; readonly min: bigint; readonly max: bigint; readonly step: bigint }
  /** The last `intervals` intervals of the time of day. */
  | {
      readonly kind: 'tseries';
      readonly signed: boolean;
      readonly intervalNs: bigint;
      readonly intervals: number;
      readonly aggregate: SeriesAggregate;
    };

export interface MapSchema {
  /** With its `@`; the anonymous map is `@`. */
  readonly name: string;
  /** Name of the kernel map (`MapSpec.name`). */
  readonly kernelMap: string;
  readonly perCpu: boolean;
  /** Absent for a scalar map. A multiple key is one tuple. */
  readonly key: ValueType | undefined;
  readonly value: MapValueType;
  /** The key (or plain value) means something on one host only: pids, addresses, times. */
  readonly hostLocal: boolean;
}

/**
 * Buckets of `hist(n, bits)`: 0 negative, then the exact values 0 … 2^bits − 1, then 2^bits for each power of two.
 */
export function histBuckets(bits: number): number {
  return 1 + (64 - bits) * 2 ** bits;
}

/** Buckets of an lhist: 0 below `min`, then one per whole step, the last for everything from there on. */
export function lhistBuckets(min: bigint, max: bigint, step: bigint): number {
  return Number((max - min) / step) + 2;
}
