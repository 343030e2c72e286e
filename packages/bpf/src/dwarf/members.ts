/** Members of structs, unions and classes, and where they lie. */
import * as dw from './constants.ts';
import { Cursor } from './cursor.ts';
import type { Die } from './die.ts';
import { sizeOfType } from './peel-type.ts';

export interface Member {
  /** Empty for an anonymous struct or union, and for a base class. */
  readonly name: string;
  readonly type: Die | undefined;
  readonly bitOffset: number;
  /** Width of a bit-field; 0 for any other member. */
  readonly bitSize: number;
}

/** In order of declaration. Left out are static members, and virtual base classes, whose place varies. */
export function* membersOf(composite: Die): Generator<Member> {
  for (const child of composite.children()) {
    const isBase = child.tag === dw.DW_TAG_inheritance;
    if (!isBase && child.tag !== dw.DW_TAG_member) continue;
    if (child.flag(dw.DW_AT_declaration) || child.flag(dw.DW_AT_external)) continue;
    const bits = bitField(child);
    const bitOffset = bits?.bitOffset ?? byteOffset(child);
    if (bitOffset === undefined) continue;
    yield {
      name: isBase ? '' : (child.name ?? ''),
      type: child.type,
      bitOffset: bits === undefined ? bitOffset * 8 : bitOffset,
      bitSize: bits?.bitSize ?? 0,
    };
  }
}

/** 0 where nothing is said, as in unions. */
function byteOffset(member: Die): number | undefined {
  const value = member.value(dw.DW_AT_data_member_location);
  switch (value?.kind) {
    case undefined:
      return 0;
    case 'constant':
      return Number(value.value);
    case 'block': {
      // Compilers before DWARF 3 wrote the offset as an expression.
      const cursor = new Cursor(value.bytes);
      if (cursor.done || cursor.u8() !== dw.DW_OP_plus_uconst) return undefined;
      const offset = cursor.uleb();
      return cursor.done ? offset : undefined;
    }
    default:
      return undefined;
  }
}

function bitField(member: Die): { bitOffset: number; bitSize: number } | undefined {
  const bitSize = member.count(dw.DW_AT_bit_size);
  if (bitSize === undefined) return undefined;
  const direct = member.count(dw.DW_AT_data_bit_offset);
  if (direct !== undefined) return { bitOffset: direct, bitSize };
  // Before DWARF 4 the distance was counted from the highest bit of the storage unit.
  const fromTop = member.constant(dw.DW_AT_bit_offset);
  const start = byteOffset(member) ?? 0;
  if (fromTop === undefined) return { bitOffset: start * 8, bitSize };
  const unitBytes = member.count(dw.DW_AT_byte_size) ?? sizeOfType(member.type);
  return { bitOffset: (start + unitBytes) * 8 - Number(fromTop) - bitSize, bitSize };
}
