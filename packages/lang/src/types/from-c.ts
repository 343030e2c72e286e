/** Types of C as the kernel names them – in tracepoint formats and BTF function prototypes – and the structs they make. */
import type { FunctionArgument, TracepointField } from '../target.ts';
import type { CTypes } from './c-types.ts';
import { sizeOfType } from './layout.ts';
import { parseCType } from './parse-c-type.ts';
import { byteArray, integer, pointer, VOID } from './scalars.ts';
import type { AddressSpace, Field, Struct, Type } from './type.ts';

/** Fields below this offset are common to all tracepoints, and BPF may not read them. */
const COMMON_BYTES = 8;
/** Contexts of tracing programs are arrays of u64. */
const SLOT_BYTES = 8;

/** What `args` is in a tracepoint. Pointers of system calls point into user space. */
export function tracepointStruct(
  category: string,
  event: string,
  fields: readonly TracepointField[],
  types: CTypes,
): Struct {
  const space = category === 'syscalls' ? 'user' : 'kernel';
  const readable = fields.filter((field) => field.offset >= COMMON_BYTES);
  return {
    name: `struct _tracepoint_${category}_${event}`,
    size: fields.reduce((size, field) => Math.max(size, field.offset + field.size), 0),
    fields: readable.map((field) => tracepointField(field, types, space)),
  };
}

function tracepointField(field: TracepointField, types: CTypes, space: AddressSpace): Field {
  const { name, offset, dynamic } = field;
  if (dynamic !== undefined) {
    return { name, offset, dynamic, type: pointer(elementType(field.cType, true), 'kernel') };
  }
  return { name, offset, type: tracepointFieldType(field, types, space) };
}

function tracepointFieldType(field: TracepointField, types: CTypes, space: AddressSpace): Type {
  const { cType, size, signed, arrayLength } = field;
  if (arrayLength === undefined) return valueType(cType, size, signed, types, space);
  if (arrayLength > 0 && isChar(cType)) return byteArray(size);
  const elementSize = arrayLength === 0 ? size : size / arrayLength;
  const element = valueType(cType, elementSize, signed, types, space);
  return { kind: 'array', element, length: arrayLength, space: 'kernel' };
}

/** What `args` is in fentry, fexit and rawtracepoint probes: each argument takes as many u64 of the context as it needs. */
export function argumentsStruct(
  name: string,
  args: readonly FunctionArgument[],
  types: CTypes,
  space: AddressSpace = 'kernel',
): Struct {
  const fields: Field[] = [];
  let size = 0;
  for (const arg of args) {
    fields.push({ name: arg.name, offset: size, type: argumentType(arg, types, space) });
    size += slotsOf(arg) * SLOT_BYTES;
  }
  return { name, size, fields };
}

/** The u64 of the context that an argument takes. */
export function slotsOf({ size }: FunctionArgument): number {
  return Math.max(1, Math.ceil(size / SLOT_BYTES));
}

/** The type of one function argument or result; pointers are into `space` unless marked `__user`. */
export function argumentType(
  arg: FunctionArgument,
  types: CTypes,
  space: AddressSpace = 'kernel',
): Type {
  return valueType(arg.cType, arg.size, arg.signed, types, space);
}

/** Structs, enums and pointers by their names; numbers by the size and sign that were measured. */
function valueType(
  cType: string,
  size: number,
  signed: boolean,
  types: CTypes,
  space: AddressSpace,
): Type {
  const known = parseCType(cType, types, space);
  if (known === undefined || known.kind === 'integer' || sizeOfType(known) !== size) {
    return scalarType(cType, size, signed, cType.includes('__user') ? 'user' : space);
  }
  return known;
}

function scalarType(cType: string, size: number, signed: boolean, space: AddressSpace): Type {
  if (cType.includes('*')) return pointer(pointee(cType, space), space);
  if (plain(cType) === 'bool' || plain(cType) === '_Bool') return { kind: 'boolean' };
  return integer(toIntegerSize(size), signed);
}

/** What a pointer in user space points to is there as well. */
function pointee(cType: string, space: AddressSpace): Type {
  const target = cType.slice(0, cType.lastIndexOf('*')).trim();
  return target.includes('*') ? pointer(pointee(target, space), space) : elementType(target, true);
}

/** Structs are known by name alone until BTF gives their fields. */
function elementType(cType: string, signed: boolean): Type {
  const name = plain(cType);
  if (name === 'void' || name === '') return VOID;
  if (/^(struct|union) /.test(name)) {
    return { kind: 'struct', struct: { name, size: 0, fields: [] }, space: 'kernel' };
  }
  return integer(sizeOfC(name), signed && !isUnsigned(name));
}

function plain(cType: string): string {
  return cType
    .replace(/\b(const|volatile|__user|__rcu|restrict|__data_loc|__rel_loc)\b/g, ' ')
    .replace(/\[\d*\]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function isChar(cType: string): boolean {
  return plain(cType) === 'char';
}

function isUnsigned(name: string): boolean {
  return /^(unsigned|u(8|16|32|64)|__u|uint|size_t|__[bl]e|dev_t|gfp_t)/.test(name);
}

const C_SIZES: readonly (readonly [RegExp, 1 | 2 | 4 | 8])[] = [
  [/\b(char|bool|_Bool|_*[us]8|u?int8_t)\b/, 1],
  [/\b(short|_*[us]16|u?int16_t|umode_t|__[bl]e16)\b/, 2],
  [/\b(long|_*[us]64|u?int64_t|size_t|ssize_t|loff_t|__[bl]e64|ktime_t|sector_t)\b/, 8],
];

function sizeOfC(name: string): 1 | 2 | 4 | 8 {
  return C_SIZES.find(([pattern]) => pattern.test(name))?.[1] ?? 4;
}

function toIntegerSize(size: number): 1 | 2 | 4 | 8 {
  return size === 1 || size === 2 || size === 4 ? size : 8;
}
