/** Cutting a register's value to a narrower type: sign- or zero-extension of its low bits. */
import type { Type } from '../types/type.ts';
import type { Operand } from './ir.ts';
import type { IrBuilder } from './ir-builder.ts';
import { isSigned, scalarBytes } from './type-traits.ts';

/** The value as `type` holds it, extended to 64 bits again. */
export function narrow(b: IrBuilder, operand: Operand, type: Type): Operand {
  const bits = scalarBytes(type) * 8;
  if (typeof operand === 'bigint') {
    return isSigned(type) ? BigInt.asIntN(bits, operand) : BigInt.asUintN(bits, operand);
  }
  if (bits === 64) return operand;
  if (isSigned(type)) return signExtend(b, operand, bits);
  return bits === 32 ? b.low32(operand) : b.arithmetic('and', operand, (1n << BigInt(bits)) - 1n);
}

export function signExtend(b: IrBuilder, operand: Operand, bits: number): Operand {
  if (bits === 64) return operand;
  const shift = BigInt(64 - bits);
  const result = b.arithmetic('lsh', operand, shift);
  b.apply('arsh', result, shift);
  return result;
}
