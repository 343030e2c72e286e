/** In which order the entries of a map are printed. */
import type { MapSchema } from '../schema/map-schema.ts';
import type { ValueType } from '../schema/value-type.ts';
import { compareTexts } from '../value/text-bytes.ts';
import type { MapEntry, MapValue, Value } from '../value/value.ts';
import { averageOf } from './average.ts';

/**
 * Ascending by what the map counts; maps of strings, tuples and the like by key. Equal values are in the order of
 * their hosts and keys, where bpftrace leaves the order open.
 */
export function sortEntries(map: MapSchema, entries: readonly MapEntry[]): MapEntry[] {
  const ranked = entries.map((entry) => ({
    entry,
    rank: quick(rankOf(map, entry.value)),
    key: quickKey(map.key, entry.key),
  }));
  ranked.sort(
    (a, b) =>
      compare(a.rank, b.rank) ||
      compareHosts(a.entry.host, b.entry.host) ||
      (a.key === undefined || b.key === undefined
        ? compareKeys(map.key, a.entry.key, b.entry.key)
        : compare(a.key, b.key)),
  );
  return ranked.map(({ entry }) => entry);
}

/** Numbers compare several times as fast as big ones, and as well as with them. */
function quick(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** What keys that are integers compare by; undefined for others. */
function quickKey(
  type: ValueType | undefined,
  key: Value | undefined,
): number | bigint | undefined {
  if (typeof key !== 'bigint' || type === undefined) return undefined;
  const bits = bitsOf(type);
  return quick(bits === undefined ? key : BigInt.asIntN(bits, key));
}

function bitsOf(type: ValueType): number | undefined {
  return type.kind === 'integer' || type.kind === 'enum' ? 8 * type.size : undefined;
}

/** What the entry is sorted by; the same for all entries of a map that is sorted by key. */
function rankOf(map: MapSchema, value: MapValue): bigint {
  switch (value.kind) {
    case 'count':
      return value.count;
    case 'sum':
      return value.total;
    case 'min':
    case 'max':
      return value.value;
    case 'avg':
    case 'stats':
      return averageOf(map.value, value);
    case 'hist':
    case 'lhist':
      return value.buckets.reduce((total, [, count]) => total + count, 0n);
    case 'tseries':
      return 0n;
    case 'plain': {
      const kind = map.value.kind === 'plain' ? map.value.type.kind : undefined;
      const byValue = kind === 'integer' || kind === 'enum';
      return byValue && typeof value.value === 'bigint' ? value.value : 0n;
    }
  }
}

function compareHosts(a: string | undefined, b: string | undefined): number {
  return compare(a ?? '', b ?? '');
}

function compareKeys(
  type: ValueType | undefined,
  a: Value | undefined,
  b: Value | undefined,
): number {
  if (type === undefined || a === undefined || b === undefined) return 0;
  return compareValues(type, a, b);
}

/** Integers compare as signed numbers of their size, whatever their type says: so does bpftrace. */
function compareValues(type: ValueType, a: Value, b: Value): number {
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    const bits = bitsOf(type);
    return bits === undefined
      ? compare(a, b)
      : compare(BigInt.asIntN(bits, a), BigInt.asIntN(bits, b));
  }
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(type, a, b);
  return compare(String(a), String(b));
}

function compareLists(type: ValueType, a: readonly Value[], b: readonly Value[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const x = a[i];
    const y = b[i];
    if (x === undefined || y === undefined) break;
    const order = compareValues(elementType(type, i), x, y);
    if (order !== 0) return order;
  }
  return compare(a.length, b.length);
}

function elementType(type: ValueType, index: number): ValueType {
  if (type.kind === 'array') return type.element;
  if (type.kind === 'tuple' || type.kind === 'record') return type.fields[index]?.type ?? type;
  return type;
}

function compare(a: bigint | number, b: bigint | number): number;
function compare(a: string, b: string): number;
function compare<T extends bigint | number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
