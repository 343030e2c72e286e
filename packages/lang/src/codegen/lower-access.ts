/** Members of structs, tuples and records, elements of arrays, and what pointers point to. */
import { invariant } from '@bpfleet/bpf/asm';
import type { Expression, FieldAccess, IndexAccess, TupleAccess, Unary } from '../syntax/ast.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Field, Type } from '../types/type.ts';
import { refuse } from './codegen-fault.ts';
import type { Operand } from './ir.ts';
import { argsPlace, defaultSpace } from './lower-context.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { at, pointing } from './memory.ts';
import { narrow } from './narrow.ts';
import { placeAt, readInteger, readPlace } from './remote.ts';
import { isScalar, isSigned, scalarBytes } from './type-traits.ts';
import { scalar, type RemotePlace, type Value } from './value.ts';

export function lowerAccess(l: Lowering, expression: FieldAccess): Value {
  const type = typeOf(l, expression.object);
  if (type.kind === 'tuple' || type.kind === 'record') {
    return lowerMember(l, expression.object, expression.field, type);
  }
  const struct = type.kind === 'struct' ? type : type.kind === 'pointer' ? type.target : undefined;
  if (struct?.kind !== 'struct') return refuse(expression.span, `.${expression.field} of this`);
  const field = struct.struct.fields.find(({ name }) => name === expression.field);
  invariant(field !== undefined, `lower: ${struct.struct.name} has no ${expression.field}`);
  const value = placeOf(l, expression.object);
  if (value.kind === 'memory') {
    return readMemory(l, { kind: 'memory', address: at(value.address, field.offset) }, field.type);
  }
  invariant(value.kind === 'remote', 'lower: a struct is in memory');
  return readField(l, value.place, field, typeOf(l, expression));
}

/** A member of the struct at a place. */
export function readField(l: Lowering, struct: RemotePlace, field: Field, type: Type): Value {
  const place = placeAt(struct, field.offset);
  if (field.dynamic !== undefined) return scalar(dynamicAddress(l, place, field.dynamic));
  if (field.bitfield === undefined) return readPlace(l, place, type);
  const { shift, width } = field.bitfield;
  const unit = readInteger(l, place, scalarBytes(field.type));
  const high = l.b.arithmetic('lsh', unit, BigInt(64 - shift - width));
  l.b.apply(isSigned(field.type) ? 'arsh' : 'rsh', high, BigInt(64 - width));
  return scalar(high);
}

/** The address of text whose offset the low half of a u32 gives: from the record, or from the field's own end. */
function dynamicAddress(
  l: Lowering,
  place: RemotePlace,
  relative: 'data_loc' | 'rel_loc',
): Operand {
  const location = readInteger(l, place, 4);
  const offset = l.b.arithmetic('and', location, 0xffffn);
  const start =
    relative === 'data_loc'
      ? l.b.copy(l.b.context)
      : l.b.addressOf(pointing(place.base, place.offset + 4));
  return l.b.arithmetic('add', start, offset);
}

/** Where the struct or array that an expression names, or points to, is. */
function placeOf(l: Lowering, expression: Expression): Value {
  if (expression.kind === 'identifier' && expression.name === 'args') {
    return { kind: 'remote', place: argsPlace(l) };
  }
  const type = typeOf(l, expression);
  if (type.kind === 'pointer') {
    const base = l.b.toRegister(l.scalar(expression));
    return { kind: 'remote', place: { space: type.space, base, offset: 0 } };
  }
  if (type.kind === 'integer') {
    const base = l.b.toRegister(l.scalar(expression));
    return { kind: 'remote', place: { space: defaultSpace(l), base, offset: 0 } };
  }
  return l.value(expression);
}

export function lowerDereference(l: Lowering, expression: Unary): Value {
  const value = placeOf(l, expression.operand);
  invariant(value.kind === 'remote', 'lower: a pointer is dereferenced');
  return readPlace(l, value.place, typeOf(l, expression));
}

export function lowerElement(l: Lowering, expression: IndexAccess): Value {
  const container = typeOf(l, expression.object);
  const type = typeOf(l, expression);
  if (container.kind === 'tuple' && expression.index.kind === 'integer') {
    return lowerMember(l, expression.object, `${expression.index.value}`, container);
  }
  const value = placeOf(l, expression.object);
  const size = sizeOfType(type);
  const index = l.scalar(expression.index);
  if (value.kind === 'memory' && typeof index === 'bigint') {
    const address = at(value.address, Number(index) * size);
    return readMemory(l, { kind: 'memory', address }, type);
  }
  if (value.kind !== 'remote') return refuse(expression.span, 'a variable index here');
  const { place } = value;
  if (typeof index === 'bigint') return readPlace(l, placeAt(place, Number(index) * size), type);
  const base = l.b.arithmetic('mul', index, BigInt(size));
  l.b.apply('add', base, place.base);
  // Arithmetic with a variable leaves the context: it is read like other kernel memory.
  const space = place.space === 'context' ? 'kernel' : place.space;
  return readPlace(l, { space, base, offset: place.offset }, type);
}

export function lowerTupleAccess(l: Lowering, expression: TupleAccess): Value {
  return lowerMember(l, expression.object, `${expression.index}`, typeOf(l, expression.object));
}

/** A member of a tuple or record; of one just written, the member's own expression would do, but may have effects. */
function lowerMember(l: Lowering, object: Expression, name: string, type: Type): Value {
  invariant(type.kind === 'tuple' || type.kind === 'record', 'lower: a member of a tuple');
  const field = type.fields.find((candidate) => candidate.name === name);
  invariant(field !== undefined, `lower: no member ${name}`);
  const value = l.value(object);
  invariant(value.kind === 'memory', 'lower: a tuple is in memory');
  const address = at(value.address, field.offset);
  return readMemory(l, { kind: 'memory', address }, field.type);
}

function readMemory(l: Lowering, value: Extract<Value, { kind: 'memory' }>, type: Type): Value {
  if (!isScalar(type)) return value;
  return scalar(narrow(l.b, l.b.load(scalarBytes(type), value.address), type));
}
