/** Blocks whose last expression is their value. */
import type { Block } from '../syntax/ast.ts';
import type { Type } from '../types/type.ts';
import type { Address } from './ir.ts';
import type { Lowering } from './lowering.ts';
import { zeroBytes } from './memory.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Value } from './value.ts';

export function lowerBlockValue(l: Lowering, block: Block): Value {
  statements(l, block);
  return block.value === undefined ? { kind: 'nothing' } : l.value(block.value);
}

export function lowerBlockInto(l: Lowering, block: Block, to: Address, type: Type): void {
  statements(l, block);
  if (block.value === undefined) zeroBytes(l, to, sizeOfType(type));
  else l.into(block.value, to, type);
}

function statements(l: Lowering, block: Block): void {
  for (const statement of block.statements) {
    l.statement(statement);
    l.b.keepColdNear();
  }
}
