/** Totals and averages as 64-bit integers, which is what the kernel and bpftrace count in. */
import type { MapValueType } from '../schema/map-schema.ts';
import type { MapValue } from '../value/value.ts';

/** A total wrapped to 64 bits; totals of many hosts are added without a limit. */
export function wrapTotal(type: MapValueType, total: bigint): bigint {
  return isSigned(type) ? BigInt.asIntN(64, total) : BigInt.asUintN(64, total);
}

/** Rounded towards zero; 0 of nothing. */
export function averageOf(
  type: MapValueType,
  value: Extract<MapValue, { kind: 'avg' | 'stats' }>,
): bigint {
  return value.count === 0n ? 0n : wrapTotal(type, value.total) / value.count;
}

function isSigned(type: MapValueType): boolean {
  return 'signed' in type ? type.signed : false;
}
