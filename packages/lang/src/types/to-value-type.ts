/** What a receiver must know of a type to decode and print its values. */
import type { FieldType, ValueType } from '@bpfleet/protocol';
import { UINT32 } from './scalars.ts';
import type { Field, Member, Type } from './type.ts';

/**
 * Aggregations read as plain values give their integer; stacks, symbols and the like keep their kind, for the host
 * that wrote them names them.
 */
export function toValueType(type: Type): ValueType {
  switch (type.kind) {
    case 'void':
      return { kind: 'none' };
    case 'pointer':
      return { kind: 'pointer' };
    case 'enum':
      return { kind: 'enum', size: type.size, signed: type.signed, variants: type.variants };
    case 'array':
      return { kind: 'array', element: toValueType(type.element), length: type.length };
    case 'struct':
      return { kind: 'record', size: type.struct.size, fields: structFields(type.struct.fields) };
    case 'tuple':
    case 'record':
      return { kind: type.kind, size: type.size, fields: toFields(type.fields) };
    case 'count':
      return { kind: 'integer', size: 8, signed: false };
    case 'sum':
    case 'min':
    case 'max':
    case 'avg':
    case 'stats':
      return { kind: 'integer', size: 8, signed: type.signed };
    case 'hist':
    case 'lhist':
    case 'tseries':
      return { kind: 'integer', size: 8, signed: false };
    case 'integer':
    case 'boolean':
    case 'string':
    case 'buffer':
    case 'kstack':
    case 'ustack':
    case 'ksym':
    case 'usym':
    case 'username':
    case 'cgroup-path':
    case 'container':
    case 'pod':
    case 'namespace':
    case 'inet':
    case 'mac':
    case 'timestamp':
      return type;
  }
}

function structFields(fields: readonly Field[]): readonly FieldType[] {
  return fields.map(({ name, offset, type, bitfield, dynamic }) => ({
    name,
    offset,
    // Of text that lies elsewhere the struct itself has only where.
    type: dynamic === undefined ? toValueType(type) : toValueType(UINT32),
    ...(bitfield === undefined ? {} : { bitfield }),
  }));
}

function toFields(members: readonly Member[]): readonly FieldType[] {
  return members.map(({ name, offset, type }) => ({ name, offset, type: toValueType(type) }));
}
