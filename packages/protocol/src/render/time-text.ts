/** Times between events in the unit that fits them. */

const UNITS: readonly (readonly [name: string, ns: number])[] = [
  ['s', 1e9],
  ['ms', 1e6],
  ['µs', 1e3],
];

/** `812 ns`, `1.53 µs`, `27.0 ms`; three digits tell times apart. */
export function timeText(ns: bigint): string {
  const unit = UNITS.find(([, size]) => ns >= BigInt(size));
  if (unit === undefined) return `${ns} ns`;
  const [name, size] = unit;
  const value = Number(ns) / size;
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${name}`;
}
