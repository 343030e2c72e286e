/** What a map prints, before text or JSON: sorted, cut to `top`, divided, in the shape of its values. */
import type { MapSchema, MapValueType } from '../schema/map-schema.ts';
import type { ValueType } from '../schema/value-type.ts';
import type { MapEntry, MapValue, Value } from '../value/value.ts';
import { averageOf, wrapTotal } from './average.ts';
import type { HistogramRow } from './histogram.ts';
import { histogramRows } from './histogram.ts';
import { sortEntries } from './map-order.ts';
import type { MapItem } from './output-item.ts';
import { seriesRows, type SeriesRow } from './time-series.ts';

export type LaidOutValue =
  | { readonly kind: 'value'; readonly type: ValueType; readonly value: Value }
  | {
      readonly kind: 'stats';
      readonly count: bigint;
      readonly average: bigint;
      readonly total: bigint;
    }
  | { readonly kind: 'histogram'; readonly rows: readonly HistogramRow[] }
  | {
      readonly kind: 'series';
      readonly type: Extract<MapValueType, { kind: 'tseries' }>;
      readonly rows: readonly SeriesRow[];
    };

export interface LaidOutEntry {
  readonly host: string | undefined;
  readonly key: Value | undefined;
  readonly value: LaidOutValue;
}

const INT64: ValueType = { kind: 'integer', size: 8, signed: true };

/**
 * `top` keeps the last, largest entries. A scalar map that was printed before anything was assigned shows zero;
 * a histogram then shows nothing.
 */
export function layOutMap(item: MapItem): LaidOutEntry[] {
  const { map } = item;
  const divisor = BigInt(Math.max(1, item.divisor ?? 1));
  const sorted = sortEntries(map, item.entries);
  // Nothing is left out of time series.
  const top = map.value.kind === 'tseries' ? 0 : (item.top ?? 0);
  const latest = latestEpoch(item.entries);
  const shown = top > 0 && sorted.length > top ? sorted.slice(-top) : sorted;
  const laidOut = shown.map((entry: MapEntry) => ({
    host: entry.host,
    key: entry.key,
    value: layOutValue(map, entry.value, divisor, latest),
  }));
  const zero = map.key === undefined && laidOut.length === 0 ? zeroValue(map) : undefined;
  return zero === undefined ? laidOut : [{ host: undefined, key: undefined, value: zero }];
}

/** All series of a map end with the same interval. */
function latestEpoch(entries: readonly MapEntry[]): bigint {
  return entries
    .map(({ value }) => (value.kind === 'tseries' ? (value.points.at(-1)?.epoch ?? 0n) : 0n))
    .reduce((a, b) => (a > b ? a : b), 0n);
}

function layOutValue(
  map: MapSchema,
  value: MapValue,
  divisor: bigint,
  latest: bigint,
): LaidOutValue {
  switch (value.kind) {
    case 'plain': {
      const type = map.value.kind === 'plain' ? map.value.type : INT64;
      return { kind: 'value', type, value: divide(type, value.value, divisor) };
    }
    case 'count':
      return integer(BigInt.asUintN(64, value.count) / divisor);
    case 'sum':
      return integer(wrapTotal(map.value, value.total) / divisor);
    case 'min':
    case 'max':
      return integer(value.value / divisor);
    case 'avg':
      return integer(averageOf(map.value, value) / divisor);
    case 'stats':
      return {
        kind: 'stats',
        count: value.count,
        average: averageOf(map.value, value) / divisor,
        total: wrapTotal(map.value, value.total),
      };
    case 'hist':
    case 'lhist': {
      const type = map.value;
      const histogram = type.kind === 'hist' || type.kind === 'lhist';
      const rows = histogram ? histogramRows(type, value.buckets, divisor) : [];
      return { kind: 'histogram', rows };
    }
    case 'tseries': {
      const type = map.value;
      if (type.kind !== 'tseries') return { kind: 'histogram', rows: [] };
      return { kind: 'series', type, rows: seriesRows(type, value.points, latest) };
    }
  }
}

function integer(value: bigint): LaidOutValue {
  return { kind: 'value', type: INT64, value };
}

/** Integers inside of lists are divided too. */
function divide(type: ValueType, value: Value, divisor: bigint): Value {
  if (divisor === 1n) return value;
  if (typeof value === 'bigint') return type.kind === 'integer' ? value / divisor : value;
  if (!Array.isArray(value)) return value;
  if (type.kind === 'array') {
    return value.map((element: Value) => divide(type.element, element, divisor));
  }
  if (type.kind !== 'tuple' && type.kind !== 'record') return value;
  return value.map((element: Value, i) => divide(type.fields[i]?.type ?? type, element, divisor));
}

function zeroValue(map: MapSchema): LaidOutValue | undefined {
  const type = map.value;
  switch (type.kind) {
    case 'hist':
    case 'lhist':
    case 'tseries':
      return undefined;
    case 'stats':
      return { kind: 'stats', count: 0n, average: 0n, total: 0n };
    case 'plain':
      return { kind: 'value', type: type.type, value: zeroOf(type.type) };
    case 'count':
    case 'sum':
    case 'min':
    case 'max':
    case 'avg':
      return integer(0n);
  }
}

/** What zero bytes decode to. */
function zeroOf(type: ValueType): Value {
  switch (type.kind) {
    case 'integer':
    case 'enum':
    case 'pointer':
      return 0n;
    case 'boolean':
      return false;
    case 'buffer':
      return new Uint8Array();
    case 'array':
      return Array.from({ length: type.length }, () => zeroOf(type.element));
    case 'tuple':
    case 'record':
      return type.fields.map((field) => zeroOf(field.type));
    case 'none':
    case 'kstack':
    case 'ustack':
      return [];
    case 'mac':
      return '00:00:00:00:00:00';
    case 'ksym':
    case 'usym':
    case 'username':
    case 'cgroup-path':
    case 'container':
    case 'pod':
    case 'namespace':
      return '0';
    case 'string':
    case 'timestamp':
    case 'inet':
      return '';
  }
}
