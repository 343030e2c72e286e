/** Unnamed bit-fields that stand for the holes in a struct. */
import { BtfError } from './btf-error.ts';

const units = [
  { name: 'long', bits: 64 },
  { name: 'int', bits: 32 },
  { name: 'short', bits: 16 },
  { name: 'char', bits: 8 },
] as const;

const CHAR = units[3];

/** Structs are aligned to a page at most; a damaged blob must not yield a line for each word of 4 GiB. */
const MAX_HOLE_BITS = 65_536 * 8;

/**
 * Lines such as `long: 64` that bring a compiler from bit `from` to bit `to`, where a member of `alignBytes` follows.
 * A hole that the alignment of that member makes anyway needs no line.
 * @throws BtfError for a hole over 64 KiB.
 */
export function padding(
  from: number,
  to: number,
  alignBytes: number,
  inBitfield: boolean,
): string[] {
  if (from >= to) return [];
  if (to - from > MAX_HOLE_BITS) throw new BtfError(`btf: a hole of ${to - from} bits in a struct`);
  const unit = units.find(({ bits }) => roundUp(from, bits) <= to) ?? CHAR;
  const lines: string[] = [];
  let at = from;
  const aligned = roundUp(from, unit.bits);
  if (aligned > from && aligned <= to) {
    const isImplied =
      aligned === to ? roundUp(from, alignBytes * 8) === aligned : to - aligned > aligned - from;
    if (inBitfield) lines.push(`${unit.name}: ${aligned - from}`);
    else if (!isImplied) lines.push(`${unit.name}: 0`);
    at = aligned;
  }
  for (; at + unit.bits <= to; at += unit.bits) lines.push(`${unit.name}: ${unit.bits}`);
  const rest = to - at;
  if (rest > 0) {
    const smallest = units.findLast(({ bits }) => bits >= rest) ?? unit;
    lines.push(`${smallest.name}: ${rest}`);
  }
  return lines;
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
