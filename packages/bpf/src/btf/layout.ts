/** Sizes of types and places of members, as the kernel was compiled. */
import type { Btf } from './btf.ts';
import { BtfError } from './btf-error.ts';
import type { BtfComposite, BtfType, TypeId } from './type.ts';
import { VisitBudget } from './visit-budget.ts';

/** Longer chains of typedefs, qualifiers or arrays mean a loop; the kernel itself allows 32. */
const DEPTH_LIMIT = 64;
const POINTER_BYTES = 8;

export interface MemberPlace {
  readonly type: TypeId;
  /** From the start of the outermost struct. */
  readonly bitOffset: number;
  /** Width of a bit-field; 0 for any other member. */
  readonly bitSize: number;
}

/**
 * The type behind typedefs, qualifiers and type tags.
 * @throws BtfError for a chain that does not end.
 */
export function resolve(btf: Btf, id: TypeId): BtfType {
  let type = btf.typeById(id);
  for (let depth = 0; depth < DEPTH_LIMIT; depth++) {
    switch (type.kind) {
      case 'typedef':
      case 'type_tag':
      case 'const':
      case 'volatile':
      case 'restrict':
        type = btf.typeById(type.type);
        break;
      default:
        return type;
    }
  }
  throw new BtfError(`btf: type ${id} refers to itself`);
}

/**
 * Bytes a value takes; 0 for `void`, functions and types that are only declared.
 * @throws BtfError for a type that contains itself.
 */
export function sizeOf(btf: Btf, id: TypeId): number {
  let count = 1;
  let type = resolve(btf, id);
  for (let depth = 0; depth < DEPTH_LIMIT; depth++) {
    switch (type.kind) {
      case 'int':
      case 'float':
      case 'enum':
      case 'struct':
      case 'union':
      case 'datasec':
        return count * type.sizeBytes;
      case 'ptr':
        return count * POINTER_BYTES;
      case 'array':
        count *= type.length;
        type = resolve(btf, type.element);
        break;
      case 'var':
      case 'decl_tag':
        type = resolve(btf, type.type);
        break;
      default:
        return 0;
    }
  }
  throw new BtfError(`btf: type ${id} contains itself`);
}

/**
 * A member of a struct or union by name, also one inside anonymous members.
 * @throws BtfError for a type that contains itself.
 */
export function findMember(btf: Btf, id: TypeId, name: string): MemberPlace | undefined {
  const outer = resolve(btf, id);
  return isComposite(outer) ? findIn(btf, outer, name, 0, new VisitBudget()) : undefined;
}

/** A member through nested structs, `['sk', '__sk_common', 'skc_dport']`; pointers are not followed. */
export function findMemberPath(
  btf: Btf,
  id: TypeId,
  path: readonly string[],
): MemberPlace | undefined {
  let place: MemberPlace = { type: id, bitOffset: 0, bitSize: 0 };
  for (const name of path) {
    const inner = findMember(btf, place.type, name);
    if (inner === undefined) return undefined;
    place = { ...inner, bitOffset: place.bitOffset + inner.bitOffset };
  }
  return place;
}

/** Names that `findMember` finds, in order of declaration. */
export function memberNames(btf: Btf, id: TypeId): string[] {
  const outer = resolve(btf, id);
  return isComposite(outer) ? namesIn(btf, outer, new VisitBudget()) : [];
}

function findIn(
  btf: Btf,
  outer: BtfComposite,
  name: string,
  bitOffset: number,
  budget: VisitBudget,
): MemberPlace | undefined {
  for (const member of outer.members) {
    const at = bitOffset + member.bitOffset;
    if (member.name === name) return { type: member.type, bitOffset: at, bitSize: member.bitSize };
    if (member.name !== '') continue;
    const inner = resolve(btf, member.type);
    if (!isComposite(inner)) continue;
    const found = budget.visit(() => findIn(btf, inner, name, at, budget));
    if (found !== undefined) return found;
  }
  return undefined;
}

function namesIn(btf: Btf, outer: BtfComposite, budget: VisitBudget): string[] {
  return outer.members.flatMap((member) => {
    if (member.name !== '') return [member.name];
    const inner = resolve(btf, member.type);
    return isComposite(inner) ? budget.visit(() => namesIn(btf, inner, budget)) : [];
  });
}

function isComposite(type: BtfType): type is BtfComposite {
  return type.kind === 'struct' || type.kind === 'union';
}
