/** Blocks whose last expression is their value. */
import { programTooLong } from '../diagnostics/messages/limits.ts';
import type { Block } from '../syntax/ast.ts';
import type { Type } from '../types/type.ts';
import { CodegenFault } from './codegen-fault.ts';
import type { Address } from './ir.ts';
import type { Lowering } from './lowering.ts';
import { zeroBytes } from './memory.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Value } from './value.ts';

/** `BPF_COMPLEXITY_LIMIT_INSNS` of the kernel; each of ours becomes about one of its own. */
const MAX_INSTRUCTIONS = 1_000_000;

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
    if (l.b.length > MAX_INSTRUCTIONS) {
      throw new CodegenFault(programTooLong(statement.span, l.probe.name, MAX_INSTRUCTIONS));
    }
  }
}
