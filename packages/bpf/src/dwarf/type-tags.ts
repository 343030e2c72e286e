/** Which entries a type's written name may stand for. */
import * as dw from './constants.ts';

const structs = [dw.DW_TAG_structure_type, dw.DW_TAG_class_type, dw.DW_TAG_interface_type];

/** By the word before the name; without one, a typedef, a base type, or a class, as C++ has it. */
export const typeTags: Readonly<Record<'struct' | 'union' | 'enum' | '', ReadonlySet<number>>> = {
  struct: new Set(structs),
  union: new Set([dw.DW_TAG_union_type]),
  enum: new Set([dw.DW_TAG_enumeration_type]),
  '': new Set([
    dw.DW_TAG_typedef,
    dw.DW_TAG_base_type,
    ...structs,
    dw.DW_TAG_union_type,
    dw.DW_TAG_enumeration_type,
  ]),
};
