/** A kernel map's value, which may be one value per CPU, as the single value of the host. */
import type { RawMapValue } from '../frame/frame.ts';
import type { MapSchema } from '../schema/map-schema.ts';
import { histBuckets, lhistBuckets, SERIES_SLOT_BYTES } from '../schema/map-schema.ts';
import { sizeOfValue } from '../schema/value-type.ts';
import { viewOf } from './read-integer.ts';
import { reduceSeries } from './reduce-series.ts';

/** Size of one CPU's value in the kernel map, with the `set` flag of scalar maps. */
export function mapValueBytes(map: MapSchema): number {
  const flag = map.key === undefined ? 8 : 0;
  const type = map.value;
  switch (type.kind) {
    case 'plain':
      return flag === 0 ? sizeOfValue(type.type) : roundUp8(sizeOfValue(type.type)) + flag;
    case 'count':
      return 8;
    case 'sum':
      return 8 + flag;
    case 'min':
    case 'max':
    case 'avg':
    case 'stats':
      return 16;
    case 'hist':
      return 8 * histBuckets(type.bits);
    case 'lhist':
      return 8 * lhistBuckets(type.min, type.max, type.step);
    case 'tseries':
      return SERIES_SLOT_BYTES * type.intervals;
  }
}

/**
 * `bytes`: the value of one CPU (`cpus` 1), or of each, rounded up to 8 bytes each, as BPF_MAP_LOOKUP_ELEM gives
 * them. Undefined means never assigned: a scalar without its flag or without any value. Missing bytes
 * read as zero. A plain value is a part of `bytes`, which nobody may change later.
 */
export function reduceMapValue(
  map: MapSchema,
  bytes: Uint8Array,
  cpus: number,
): RawMapValue | undefined {
  const size = mapValueBytes(map);
  // Most large maps are such: what follows would take longer than all else that is done with an entry.
  if (map.value.kind === 'plain' && map.key !== undefined && bytes.length === size) {
    return { kind: 'plain', bytes };
  }
  const stride = roundUp8(size);
  const needed = (cpus - 1) * stride + size;
  const whole = bytes.length < needed ? padded(bytes, needed) : bytes;
  const perCpu = Array.from({ length: cpus }, (_, cpu) =>
    whole.subarray(cpu * stride, cpu * stride + size),
  );
  return reduce(map, perCpu);
}

/** What a map holds whose values are all zero bytes. */
export function zeroMapValue({ value: type }: MapSchema): RawMapValue {
  switch (type.kind) {
    case 'plain':
      return { kind: 'plain', bytes: new Uint8Array(sizeOfValue(type.type)) };
    case 'count':
      return { kind: 'count', count: 0n };
    case 'sum':
      return { kind: 'sum', total: 0n };
    case 'min':
    case 'max':
      return { kind: type.kind, value: 0n };
    case 'avg':
    case 'stats':
      return { kind: type.kind, total: 0n, count: 0n };
    case 'hist':
    case 'lhist':
      return { kind: type.kind, buckets: [] };
    case 'tseries':
      return { kind: 'tseries', aggregate: type.aggregate, points: [] };
  }
}

function reduce(map: MapSchema, perCpu: readonly Uint8Array[]): RawMapValue | undefined {
  const type = map.value;
  const scalar = map.key === undefined;
  switch (type.kind) {
    case 'plain': {
      const size = sizeOfValue(type.type);
      const flagAt = roundUp8(size);
      const set = scalar ? perCpu.find((bytes) => word(bytes, flagAt) !== 0n) : perCpu[0];
      return set === undefined ? undefined : { kind: 'plain', bytes: set.subarray(0, size) };
    }
    case 'count': {
      const count = BigInt.asUintN(64, sumOf(perCpu, 0));
      return scalar && count === 0n ? undefined : { kind: 'count', count };
    }
    case 'sum': {
      if (scalar && perCpu.every((bytes) => word(bytes, 8) === 0n)) return undefined;
      return { kind: 'sum', total: wrap(sumOf(perCpu, 0), type.signed) };
    }
    case 'min':
    case 'max': {
      const values = perCpu
        .filter((bytes) => word(bytes, 8) !== 0n)
        .map((bytes) => wrap(word(bytes, 0), type.signed));
      const first = values[0];
      // An element that no CPU has set was zeroed by the program.
      if (first === undefined) return scalar ? undefined : { kind: type.kind, value: 0n };
      const better = type.kind === 'max' ? larger : smaller;
      return { kind: type.kind, value: values.reduce(better, first) };
    }
    case 'avg':
    case 'stats': {
      const total = wrap(sumOf(perCpu, 0), type.signed);
      const count = BigInt.asUintN(64, sumOf(perCpu, 8));
      return scalar && count === 0n ? undefined : { kind: type.kind, total, count };
    }
    case 'hist':
    case 'lhist': {
      const buckets = sumBuckets(perCpu);
      return scalar && buckets.length === 0 ? undefined : { kind: type.kind, buckets };
    }
    case 'tseries': {
      const points = reduceSeries(type, perCpu);
      if (scalar && points.length === 0) return undefined;
      return { kind: 'tseries', aggregate: type.aggregate, points };
    }
  }
}

function sumBuckets(perCpu: readonly Uint8Array[]): (readonly [number, bigint])[] {
  const views = perCpu.map(viewOf);
  const buckets: (readonly [number, bigint])[] = [];
  const count = (perCpu[0]?.length ?? 0) / 8;
  for (let index = 0; index < count; index++) {
    let total = 0n;
    for (const view of views) {
      // Most buckets are empty: two 32-bit reads are much cheaper than making a bigint of zero.
      if (view.getUint32(8 * index, true) === 0 && view.getUint32(8 * index + 4, true) === 0) {
        continue;
      }
      total += view.getBigUint64(8 * index, true);
    }
    if (total !== 0n) buckets.push([index, BigInt.asUintN(64, total)]);
  }
  return buckets;
}

function sumOf(perCpu: readonly Uint8Array[], at: number): bigint {
  return perCpu.reduce((total, bytes) => total + word(bytes, at), 0n);
}

function word(bytes: Uint8Array, at: number): bigint {
  return viewOf(bytes).getBigUint64(at, true);
}

function wrap(value: bigint, signed: boolean): bigint {
  return signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function padded(bytes: Uint8Array, size: number): Uint8Array {
  const whole = new Uint8Array(size);
  whole.set(bytes);
  return whole;
}

function roundUp8(size: number): number {
  return (size + 7) & ~7;
}
