/** Alignment of types, and whether a struct's layout breaks the rules of it. */
import type { Btf } from './btf.ts';
import { resolve } from './layout.ts';
import type { BtfComposite, TypeId } from './type.ts';
import { VisitBudget } from './visit-budget.ts';

const POINTER_BYTES = 8;

/**
 * Bytes; 1 for a packed struct and for what has no size.
 * @throws BtfError for a type that contains itself.
 */
export function alignOf(btf: Btf, id: TypeId): number {
  return align(btf, id, new VisitBudget());
}

/** Must a compiler be told to pack this struct to lay it out as it is? */
export function isPacked(btf: Btf, type: BtfComposite): boolean {
  return natural(btf, type, new VisitBudget()) === undefined;
}

function align(btf: Btf, id: TypeId, budget: VisitBudget): number {
  return budget.visit(() => alignOnce(btf, id, budget));
}

function alignOnce(btf: Btf, id: TypeId, budget: VisitBudget): number {
  const type = resolve(btf, id);
  switch (type.kind) {
    case 'ptr':
      return POINTER_BYTES;
    case 'int':
    case 'float':
    case 'enum':
      return Math.min(type.sizeBytes, POINTER_BYTES);
    case 'array':
      return align(btf, type.element, budget);
    case 'struct':
    case 'union':
      return natural(btf, type, budget) ?? 1;
    default:
      return 1;
  }
}

/** The strictest alignment of a member; undefined if the layout does not keep to it. */
function natural(btf: Btf, type: BtfComposite, budget: VisitBudget): number | undefined {
  let strictest = 1;
  for (const member of type.members) {
    const bytes = align(btf, member.type, budget);
    strictest = Math.max(strictest, bytes);
    if (member.bitSize === 0 && member.bitOffset % (bytes * 8) !== 0) return undefined;
  }
  return type.sizeBytes % strictest === 0 ? strictest : undefined;
}
