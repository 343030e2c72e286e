/** Types without the names and qualifiers around them, and how large they are. */
import { arrayLengths } from './array-lengths.ts';
import * as dw from './constants.ts';
import type { Die } from './die.ts';
import { DwarfError } from './dwarf-error.ts';

/** Longer chains of types mean a loop. */
const MAX_DEPTH = 64;

const transparent: ReadonlySet<number> = new Set([
  dw.DW_TAG_typedef,
  dw.DW_TAG_const_type,
  dw.DW_TAG_volatile_type,
  dw.DW_TAG_restrict_type,
  dw.DW_TAG_atomic_type,
]);

/** Undefined for `void`. */
export function peelType(type: Die | undefined): Die | undefined {
  let peeled = type;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    if (peeled === undefined) return undefined;
    if (transparent.has(peeled.tag)) {
      peeled = peeled.type;
    } else {
      // A declaration in one unit stands for the type of a type unit.
      const unit = peeled.reference(dw.DW_AT_signature);
      if (unit === undefined) return peeled;
      peeled = unit;
    }
  }
  throw new DwarfError('dwarf: a type that refers to itself');
}

/** 0 for what has no size, such as `void` and types that are only declared. */
export function sizeOfType(type: Die | undefined, depth: number = 0): number {
  const peeled = peelType(type);
  if (peeled === undefined || depth > MAX_DEPTH) return 0;
  const size = peeled.count(dw.DW_AT_byte_size);
  if (size !== undefined) return size;
  switch (peeled.tag) {
    case dw.DW_TAG_pointer_type:
    case dw.DW_TAG_reference_type:
    case dw.DW_TAG_rvalue_reference_type:
      return peeled.unit.header.addressBytes;
    case dw.DW_TAG_ptr_to_member_type: {
      const words = peelType(peeled.type)?.tag === dw.DW_TAG_subroutine_type ? 2 : 1;
      return words * peeled.unit.header.addressBytes;
    }
    case dw.DW_TAG_array_type: {
      const element = sizeOfType(peeled.type, depth + 1);
      return arrayLengths(peeled).reduce((total, length) => total * length, element);
    }
    case dw.DW_TAG_enumeration_type:
      return sizeOfType(peeled.type, depth + 1);
    default:
      return 0;
  }
}
