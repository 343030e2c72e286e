/** Decoded values, as the merge, the renderer and the store see them. */
import type { SeriesAggregate, SeriesPoint } from './time-series.ts';

/**
 * By type: integers, pointers and enums are bigint; booleans boolean; strings and everything the host named
 * (symbols, users, times) string; buffers bytes; arrays, tuples and records their elements in order; stacks their
 * frames as strings, innermost first.
 */
export type Value = bigint | boolean | string | Uint8Array | readonly Value[];

/** One host's value of one key, or several merged: the element of the commutative monoid. */
export type MapValue =
  | { readonly kind: 'plain'; readonly value: Value }
  | { readonly kind: 'count'; readonly count: bigint }
  | { readonly kind: 'sum'; readonly total: bigint }
  | { readonly kind: 'min' | 'max'; readonly value: bigint }
  | { readonly kind: 'avg' | 'stats'; readonly total: bigint; readonly count: bigint }
  /** Non-empty buckets by index, ascending. */
  | { readonly kind: 'hist' | 'lhist'; readonly buckets: readonly (readonly [number, bigint])[] }
  /** Ascending by epoch. */
  | {
      readonly kind: 'tseries';
      readonly aggregate: SeriesAggregate;
      readonly points: readonly SeriesPoint[];
    };

/** One key of a map with its value; `key` is absent for a scalar map. */
export interface MapEntry {
  readonly key: Value | undefined;
  /** Host names prefixed to the key in output: set for host-local keys on a fleet and with `--by-host`. */
  readonly host?: string;
  readonly value: MapValue;
}
