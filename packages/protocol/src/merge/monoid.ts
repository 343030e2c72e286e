/**
 * How two values of one key become one. Each aggregation is a commutative monoid: the order in which hosts report
 * and the way they are grouped do not matter.
 */
import type { MapValue } from '../value/value.ts';
import { mergeSeries } from '../value/time-series.ts';
import { keyOf } from './canonical-key.ts';

type Buckets = readonly (readonly [number, bigint])[];

/**
 * Totals grow beyond 64 bits here and are wrapped where they are printed. Plain values have no sum: a number may
 * be a time or an address. Of two, the one with the greater canonical key stays, so that order does not matter. Throws TypeError for values of two kinds.
 */
export function mergeMapValues(a: MapValue, b: MapValue): MapValue {
  switch (a.kind) {
    case 'plain':
      if (b.kind === a.kind) return greaterPlain(a, b);
      break;
    case 'count':
      if (b.kind === a.kind) return { kind: a.kind, count: a.count + b.count };
      break;
    case 'sum':
      if (b.kind === a.kind) return { kind: a.kind, total: a.total + b.total };
      break;
    case 'min':
      if (b.kind === a.kind) return a.value <= b.value ? a : b;
      break;
    case 'max':
      if (b.kind === a.kind) return a.value >= b.value ? a : b;
      break;
    case 'avg':
    case 'stats':
      if (b.kind === a.kind) {
        return { kind: a.kind, total: a.total + b.total, count: a.count + b.count };
      }
      break;
    case 'hist':
    case 'lhist':
      if (b.kind === a.kind) return { kind: a.kind, buckets: addBuckets(a.buckets, b.buckets) };
      break;
    case 'tseries':
      if (b.kind === a.kind && b.aggregate === a.aggregate) {
        const points = mergeSeries(a.aggregate, a.points, b.points);
        return { kind: a.kind, aggregate: a.aggregate, points };
      }
      break;
  }
  throw new TypeError(`merge map values: ${a.kind} with ${b.kind}`);
}

type Plain = Extract<MapValue, { kind: 'plain' }>;

/** Integers by size, all else by canonical key: any total order makes the choice commutative and associative. */
function greaterPlain(a: Plain, b: Plain): Plain {
  if (typeof a.value === 'bigint' && typeof b.value === 'bigint') {
    return a.value >= b.value ? a : b;
  }
  return keyOf(a.value) >= keyOf(b.value) ? a : b;
}

/** Both are ascending. */
function addBuckets(a: Buckets, b: Buckets): Buckets {
  const sum: (readonly [number, bigint])[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const x = a[i];
    const y = b[j];
    if (x === undefined) return y === undefined ? sum : [...sum, ...b.slice(j)];
    if (y === undefined) return [...sum, ...a.slice(i)];
    if (x[0] === y[0]) sum.push([x[0], x[1] + y[1]]);
    else sum.push(x[0] < y[0] ? x : y);
    if (x[0] <= y[0]) i++;
    if (y[0] <= x[0]) j++;
  }
}
