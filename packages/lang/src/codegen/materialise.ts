/** Values put into memory of their own. */
import type { Expression } from '../syntax/ast.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Type } from '../types/type.ts';
import type { Address } from './ir.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { takeMemory } from './memory.ts';
import type { Value } from './value.ts';

/** Laid out as `as`, or as the expression's own type says. */
export function materialise(
  l: Lowering,
  expression: Expression,
  as?: Type,
): Extract<Value, { kind: 'memory' }> {
  const type = as ?? typeOf(l, expression);
  const address = takeMemory(l, sizeOfType(type));
  l.into(expression, address, type);
  return { kind: 'memory', address };
}

/** Where the expression's value is if it is in memory, else where it was put. */
export function inMemory(l: Lowering, expression: Expression): Address {
  const value = l.value(expression);
  if (value.kind === 'memory') return value.address;
  return materialise(l, expression).address;
}
