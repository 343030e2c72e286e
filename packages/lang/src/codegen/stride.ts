/** Arithmetic with pointers counts elements. */
import { sizeOfType } from '../types/layout.ts';
import type { Type } from '../types/type.ts';
import type { Operand } from './ir.ts';
import type { Lowering } from './lowering.ts';

/** What one more is, of a value of this type: the bytes of what a pointer points to, else 1. */
export function strideOf(type: Type): bigint {
  return type.kind === 'pointer' ? BigInt(Math.max(1, sizeOfType(type.target))) : 1n;
}

/** A number that is added to or subtracted from a value of this type. */
export function scaled(l: Lowering, operand: Operand, type: Type): Operand {
  const stride = strideOf(type);
  if (stride === 1n) return operand;
  return typeof operand === 'bigint' ? operand * stride : l.b.arithmetic('mul', operand, stride);
}
