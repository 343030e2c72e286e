/** A map value as it travels (`RawMapValue`) made into the one that is merged and printed (`MapValue`). */
import type { RawMapValue } from '../frame/frame.ts';
import type { MapSchema } from '../schema/map-schema.ts';
import { histBuckets, lhistBuckets } from '../schema/map-schema.ts';
import type { DecodeOptions, NameLookup } from './decode.ts';
import { decodeValue } from './decode.ts';
import type { MapValue } from './value.ts';

/** Undefined when the value is not one of this map: another kind, or buckets that the map has not. */
export function decodeMapValue(
  map: MapSchema,
  raw: RawMapValue,
  names: NameLookup,
  options: DecodeOptions,
): MapValue | undefined {
  const type = map.value;
  if (raw.kind === 'plain') {
    if (type.kind !== 'plain') return undefined;
    return { kind: 'plain', value: decodeValue(type.type, raw.bytes, names, options) };
  }
  if (raw.kind !== type.kind) return undefined;
  if (raw.kind === 'hist' || raw.kind === 'lhist') {
    const last = raw.buckets.at(-1)?.[0] ?? 0;
    if (last >= bucketCount(map)) return undefined;
  }
  if (raw.kind === 'tseries' && type.kind === 'tseries') {
    return raw.aggregate === type.aggregate ? raw : undefined;
  }
  return raw;
}

function bucketCount(map: MapSchema): number {
  const type = map.value;
  if (type.kind === 'hist') return histBuckets(type.bits);
  if (type.kind === 'lhist') return lhistBuckets(type.min, type.max, type.step);
  return 0;
}
