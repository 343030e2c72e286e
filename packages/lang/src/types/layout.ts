/** Sizes and alignments of values where the language keeps them, and the layout of tuples and records, as C has it. */
import { sizeOfValue } from '@bpfleet/protocol';
import type { RecordType, TupleType } from './scalars.ts';
import { toValueType } from './to-value-type.ts';
import type { Member, Type } from './type.ts';

/** Bytes that a value of this type takes in variables, keys and map values. */
export function sizeOfType(type: Type): number {
  switch (type.kind) {
    case 'void':
      return 0;
    case 'struct':
      return type.struct.size;
    case 'array':
      return type.length * sizeOfType(type.element);
    case 'tuple':
    case 'record':
      return type.size;
    case 'count':
    case 'sum':
      return 8;
    case 'min':
    case 'max':
    case 'avg':
    case 'stats':
      return 16;
    case 'hist':
    case 'lhist':
    case 'tseries':
      return 8;
    default:
      return sizeOfValue(toValueType(type));
  }
}

export function alignOfType(type: Type): number {
  switch (type.kind) {
    case 'integer':
    case 'enum':
      return type.size;
    case 'tuple':
    case 'record':
      return type.align;
    case 'array':
      return alignOfType(type.element);
    case 'struct':
      return (
        type.struct.align ??
        type.struct.fields.reduce((align, field) => Math.max(align, alignOfType(field.type)), 1)
      );
    case 'void':
    case 'boolean':
    case 'string':
    case 'mac':
      return 1;
    case 'buffer':
    case 'inet':
      return 4;
    default:
      return 8;
  }
}

/** Tuples name their members by position: `0`, `1` … */
export function tuple(elements: readonly Type[]): TupleType {
  return { kind: 'tuple', ...layOut(elements.map((type, index) => ({ name: `${index}`, type }))) };
}

export function record(
  fields: readonly { readonly name: string; readonly type: Type }[],
): RecordType {
  return { kind: 'record', ...layOut(fields) };
}

function layOut(members: readonly { readonly name: string; readonly type: Type }[]): {
  readonly size: number;
  readonly align: number;
  readonly fields: readonly Member[];
} {
  const fields: Member[] = [];
  let end = 0;
  let align = 1;
  for (const { name, type } of members) {
    const offset = alignUp(end, alignOfType(type));
    fields.push({ name, offset, type });
    end = offset + sizeOfType(type);
    align = Math.max(align, alignOfType(type));
  }
  return { size: alignUp(end, align), align, fields };
}

function alignUp(offset: number, align: number): number {
  return Math.ceil(offset / align) * align;
}
