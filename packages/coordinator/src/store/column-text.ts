/**
 * Numbers as ClickHouse reads them in JSON. What a host sends may lie outside a column's range; one value that
 * ClickHouse refuses would take the whole batch with it.
 */

const LAST_DATE_NS = 9_223_372_036_000_000_000n;

export function uint64(value: bigint): string {
  return BigInt.asUintN(64, value).toString();
}

export function int64(value: bigint): string {
  return BigInt.asIntN(64, value).toString();
}

export function int128(value: bigint): string {
  return BigInt.asIntN(128, value).toString();
}

/** Seconds with nine decimals; times beyond 1970 to 2262 are moved to the nearer end. */
export function dateTime64(unixNs: bigint): string {
  const ns = unixNs < 0n ? 0n : unixNs > LAST_DATE_NS ? LAST_DATE_NS : unixNs;
  const seconds = (ns / 1_000_000_000n).toString().padStart(10, '0');
  return `${seconds}.${(ns % 1_000_000_000n).toString().padStart(9, '0')}`;
}
