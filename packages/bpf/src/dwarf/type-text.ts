/** Types in the words of a listing: `struct Foo*`, `const char*`, `int[3]`. */
import * as dw from './constants.ts';
import type { Die } from './die.ts';
import { arrayLengths } from './array-lengths.ts';

/** Longer chains of types mean a loop. */
const MAX_DEPTH = 32;
const UNKNOWN = '<unknown type>';

const tagged: ReadonlyMap<number, string> = new Map([
  [dw.DW_TAG_structure_type, 'struct '],
  [dw.DW_TAG_class_type, 'class '],
  [dw.DW_TAG_interface_type, 'class '],
  [dw.DW_TAG_union_type, 'union '],
  [dw.DW_TAG_enumeration_type, 'enum '],
]);

const derived: ReadonlyMap<number, string> = new Map([
  [dw.DW_TAG_pointer_type, '*'],
  [dw.DW_TAG_reference_type, '&'],
  [dw.DW_TAG_rvalue_reference_type, '&&'],
]);

const qualifiers: ReadonlyMap<number, string> = new Map([
  [dw.DW_TAG_const_type, 'const'],
  [dw.DW_TAG_volatile_type, 'volatile'],
  [dw.DW_TAG_restrict_type, 'restrict'],
  [dw.DW_TAG_atomic_type, '_Atomic'],
]);

/** @param type undefined for `void` */
export function typeText(type: Die | undefined, depth: number = 0): string {
  if (type === undefined) return 'void';
  if (depth > MAX_DEPTH) return UNKNOWN;
  const { tag } = type;
  const inner = (): string => typeText(type.type, depth + 1);
  const prefix = tagged.get(tag);
  if (prefix !== undefined) {
    const named = type.reference(dw.DW_AT_signature) ?? type;
    return `${prefix}${named.name ?? '<anonymous>'}`;
  }
  const suffix = derived.get(tag);
  if (suffix !== undefined) return `${inner()}${suffix}`;
  const qualifier = qualifiers.get(tag);
  if (qualifier !== undefined) {
    const isPointer = type.type?.tag === dw.DW_TAG_pointer_type;
    return isPointer ? `${inner()} ${qualifier}` : `${qualifier} ${inner()}`;
  }
  switch (tag) {
    case dw.DW_TAG_base_type:
    case dw.DW_TAG_typedef:
    case dw.DW_TAG_unspecified_type:
      return type.name ?? UNKNOWN;
    case dw.DW_TAG_array_type:
      return `${inner()}${arrayLengths(type)
        .map((length) => `[${length}]`)
        .join('')}`;
    default:
      return UNKNOWN;
  }
}
