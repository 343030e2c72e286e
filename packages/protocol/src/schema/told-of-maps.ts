/** What an answer tells of a program's maps beside their values: how they count, and which of them it does not show. */
import type { MapSchema, MapValueType } from './map-schema.ts';
import type { Schema } from './schema.ts';

export type BucketScheme = Extract<MapValueType, { readonly kind: 'hist' | 'lhist' | 'tseries' }>;

/** Working state of one host such as `@start[tid] = nsecs`: of no use to anybody else, and sent only where it is printed. */
export function staysOnHost({ hostLocal, value }: MapSchema): boolean {
  return hostLocal && value.kind === 'plain';
}

/** By map, how histograms and time series sort what they count. */
export function bucketSchemes({ maps }: Schema): ReadonlyMap<string, BucketScheme> {
  return new Map(
    maps.flatMap(({ name, value }) => (isBucketed(value) ? [[name, value] as const] : [])),
  );
}

/** Maps that no print takes off their hosts. */
export function unprintedMaps({ maps, events }: Schema): readonly string[] {
  const printed = new Set(events.map((event) => event.kind === 'print-map' && event.map));
  return maps.flatMap((map) => (staysOnHost(map) && !printed.has(map.name) ? [map.name] : []));
}

function isBucketed(value: MapValueType): value is BucketScheme {
  return value.kind === 'hist' || value.kind === 'lhist' || value.kind === 'tseries';
}
