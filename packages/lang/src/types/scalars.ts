/** The scalar types by name, and how to make the others. */
import type { AddressSpace, Type } from './type.ts';

export type IntegerType = Extract<Type, { kind: 'integer' }>;
export type StringType = Extract<Type, { kind: 'string' }>;
export type PointerType = Extract<Type, { kind: 'pointer' }>;
export type ArrayType = Extract<Type, { kind: 'array' }>;
export type EnumType = Extract<Type, { kind: 'enum' }>;
export type TupleType = Extract<Type, { kind: 'tuple' }>;
export type RecordType = Extract<Type, { kind: 'record' }>;

export const VOID: Type = { kind: 'void' };
export const BOOLEAN: Type = { kind: 'boolean' };
export const INT8: IntegerType = { kind: 'integer', size: 1, signed: true };
export const INT16: IntegerType = { kind: 'integer', size: 2, signed: true };
export const INT32: IntegerType = { kind: 'integer', size: 4, signed: true };
export const INT64: IntegerType = { kind: 'integer', size: 8, signed: true };
export const UINT8: IntegerType = { kind: 'integer', size: 1, signed: false };
export const UINT16: IntegerType = { kind: 'integer', size: 2, signed: false };
export const UINT32: IntegerType = { kind: 'integer', size: 4, signed: false };
export const UINT64: IntegerType = { kind: 'integer', size: 8, signed: false };

export function integer(size: IntegerType['size'], signed: boolean): IntegerType {
  return { kind: 'integer', size, signed };
}

/** `size` counts the NUL. */
export function string(size: number): StringType {
  return { kind: 'string', size };
}

/** An array of bytes in C, which is text as far as anyone can tell; without a NUL it is whole. */
export function byteArray(length: number): StringType {
  return { kind: 'string', size: length, array: true };
}

export function pointer(target: Type, space: AddressSpace): PointerType {
  return { kind: 'pointer', target, space };
}

/** The type of an integer literal: the smallest signed one that holds it, else uint64. */
export function integerLiteralType(value: bigint): IntegerType {
  if (value > 0x7fff_ffff_ffff_ffffn) return UINT64;
  for (const type of [INT8, INT16, INT32]) {
    if (BigInt.asIntN(type.size * 8, value) === value) return type;
  }
  return INT64;
}
