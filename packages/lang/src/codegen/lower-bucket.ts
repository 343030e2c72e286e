/** Which bucket of a histogram a value falls into; the numbering is that of `MapSchema`. */
import type { Aggregation } from '../types/type.ts';
import type { Operand, VirtualRegister } from './ir.ts';
import type { Lowering } from './lowering.ts';

/**
 * Bucket of `hist(n, bits)`: 0 for negative values, n + 1 below 2^bits, above that 2^bits buckets for each power of two:
 * the position of the highest bit, then the `bits` bits that follow it.
 */
export function histBucket(l: Lowering, value: Operand, bits: number): VirtualRegister {
  const { b } = l;
  const result = b.copy(0n);
  const done = b.label('bucket');
  const original = b.copy(value);
  b.branch('slt', original, 0n, done);
  b.move(result, original);
  b.apply('add', result, 1n);
  b.branch('lt', original, 1n << BigInt(bits), done);
  const position = highestBit(l, original);
  if (bits === 0) {
    b.move(result, position);
    b.apply('add', result, 2n);
  } else {
    b.apply('sub', position, BigInt(bits));
    const following = b.arithmetic('rsh', original, position);
    b.apply('and', following, (1n << BigInt(bits)) - 1n);
    b.move(result, position);
    b.apply('add', result, 1n);
    b.apply('lsh', result, BigInt(bits));
    b.apply('add', result, following);
    b.apply('add', result, 1n);
  }
  b.place(done);
  return result;
}

/** Position of the highest bit of a value from 1 to 2^63 - 1: a search by halves without branches, which the verifier walks once. */
function highestBit(l: Lowering, value: VirtualRegister): VirtualRegister {
  const { b } = l;
  const rest = b.copy(value);
  const position = b.copy(0n);
  for (let step = 5n; step >= 0n; step--) {
    // The sign of 2^(2^step) - 1 - rest tells whether rest has a bit at or above 2^step.
    const shift = b.arithmetic('sub', (1n << (1n << step)) - 1n, rest);
    b.apply('rsh', shift, 63n);
    b.apply('lsh', shift, step);
    b.apply('rsh', rest, shift);
    b.apply('add', position, shift);
  }
  return position;
}

/** Bucket of `lhist(n, min, max, step)`; `n` is signed. */
export function lhistBucket(
  l: Lowering,
  value: Operand,
  { min, max, step }: Extract<Aggregation, { kind: 'lhist' }>,
): VirtualRegister {
  const { b } = l;
  const number = b.copy(value);
  const result = b.copy(0n);
  const done = b.label('bucket');
  b.branch('slt', number, min, done);
  b.move(result, (max - min) / step + 1n);
  b.branch('sgt', number, max, done);
  b.move(result, number);
  b.apply('sub', result, min);
  b.apply('div', result, step);
  b.apply('add', result, 1n);
  b.place(done);
  return result;
}
