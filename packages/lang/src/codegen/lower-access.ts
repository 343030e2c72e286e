/** Members of structs, tuples and records, and what pointers point to. */
import { invariant } from '@bpfleet/bpf/asm';
import type { Expression, FieldAccess, TupleAccess, Unary } from '../syntax/ast.ts';
import type { Field, Type } from '../types/type.ts';
import { refuse } from './codegen-fault.ts';
import { coveringBytes } from './integer-bytes.ts';
import type { Operand } from './ir.ts';
import { argsPlace, defaultSpace } from './lower-context.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { at, pointing } from './memory.ts';
import { lowerUserArgument, userArguments } from './lower-user-arguments.ts';
import { lowerSystemCallField } from './lower-system-call.ts';
import { inMemory } from './materialise.ts';
import { narrow } from './narrow.ts';
import { placeAt, readInteger, readPlace } from './remote.ts';
import { isScalar, isSigned, scalarBytes } from './type-traits.ts';
import { scalar, type RemotePlace, type Value } from './value.ts';

/** What lies in memory, the program's own or another's. */
export type Located = Extract<Value, { kind: 'memory' | 'remote' }>;

export function lowerAccess(l: Lowering, expression: FieldAccess): Value {
  const { object } = expression;
  if (object.kind === 'identifier' && object.name === 'args' && userArguments(l) !== undefined) {
    return lowerUserArgument(l, expression);
  }
  if (l.probe.context === 'system_call' && object.kind === 'identifier' && object.name === 'args') {
    return lowerSystemCallField(l, expression);
  }
  const type = typeOf(l, expression.object);
  if (type.kind === 'tuple' || type.kind === 'record') {
    return lowerMember(l, expression.object, expression.field, type);
  }
  const { located, struct } = locateStruct(l, expression.object, type);
  const field = struct.struct.fields.find(({ name }) => name === expression.field);
  invariant(field !== undefined, `lower: ${struct.struct.name} has no ${expression.field}`);
  return readField(l, located, field, typeOf(l, expression));
}

/** The struct that an expression is, or points to, through any number of pointers. */
function locateStruct(
  l: Lowering,
  expression: Expression,
  type: Type,
): { readonly located: Located; readonly struct: Extract<Type, { kind: 'struct' }> } {
  let located = locate(l, expression);
  let reached = type.kind === 'pointer' ? type.target : type;
  while (reached.kind === 'pointer') {
    located = follow(l, readLocated(l, located, reached), reached.space);
    reached = reached.target;
  }
  if (reached.kind !== 'struct') return refuse(expression.span, 'a member of this');
  return { located, struct: reached };
}

function follow(l: Lowering, pointer: Value, space: RemotePlace['space']): Located {
  invariant(pointer.kind === 'scalar', 'lower: a pointer is a number');
  return { kind: 'remote', place: { space, base: l.b.toRegister(pointer.operand), offset: 0 } };
}

/** A member of the struct at a place. */
export function readField(l: Lowering, struct: Located, field: Field, type: Type): Value {
  const located = locatedAt(struct, field.offset);
  if (field.dynamic !== undefined) {
    invariant(located.kind === 'remote', 'lower: dynamic fields are in the context');
    return scalar(dynamicAddress(l, located.place, field.dynamic));
  }
  if (field.bitfield === undefined) return readLocated(l, located, type);
  const { shift, width } = field.bitfield;
  const size = coveringBytes(Math.max(scalarBytes(field.type) * 8, shift + width));
  const unit =
    located.kind === 'remote'
      ? readInteger(l, located.place, size)
      : l.b.load(size, located.address);
  const high = l.b.arithmetic('lsh', unit, BigInt(64 - shift - width));
  // Of a signed type too these are bits without a sign, unless they are all that the type has.
  const isSign = isSigned(field.type) && width === scalarBytes(field.type) * 8;
  l.b.apply(isSign ? 'arsh' : 'rsh', high, BigInt(64 - width));
  return scalar(high);
}

export function locatedAt(located: Located, offset: number): Located {
  return located.kind === 'remote'
    ? { kind: 'remote', place: placeAt(located.place, offset) }
    : { kind: 'memory', address: at(located.address, offset) };
}

/** A scalar is loaded; what is bigger stays where it is. */
export function readLocated(l: Lowering, located: Located, type: Type): Value {
  if (located.kind === 'remote') return readPlace(l, located.place, type);
  if (!isScalar(type)) return located;
  return scalar(narrow(l.b, l.b.load(scalarBytes(type), located.address), type));
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
export function locate(l: Lowering, expression: Expression): Located {
  const isArgs = expression.kind === 'identifier' && expression.name === 'args';
  if (isArgs && userArguments(l) === undefined) {
    return { kind: 'remote', place: argsPlace(l) };
  }
  if (isContext(expression) && l.probe.context === 'perf_event') {
    // The verifier translates what the program reads here: the kernel's own layout is another.
    return { kind: 'remote', place: argsPlace(l) };
  }
  const type = typeOf(l, expression);
  if (type.kind === 'pointer' || type.kind === 'integer') {
    const base = l.b.toRegister(l.scalar(expression));
    const space = type.space ?? defaultSpace(l);
    return { kind: 'remote', place: { space, base, offset: 0 } };
  }
  const value = l.value(expression);
  if (value.kind === 'memory' || value.kind === 'remote') return value;
  return { kind: 'memory', address: inMemory(l, expression) };
}

/** `ctx`, also under another type. */
function isContext(expression: Expression): boolean {
  if (expression.kind === 'cast') return isContext(expression.operand);
  return expression.kind === 'identifier' && expression.name === 'ctx';
}

export function lowerDereference(l: Lowering, expression: Unary): Value {
  return readLocated(l, locate(l, expression.operand), typeOf(l, expression));
}

export function lowerTupleAccess(l: Lowering, expression: TupleAccess): Value {
  return lowerMember(l, expression.object, `${expression.index}`, typeOf(l, expression.object));
}

/** A member of a tuple or record; of one just written, the member's own expression would do, but may have effects. */
export function lowerMember(l: Lowering, object: Expression, name: string, type: Type): Value {
  invariant(type.kind === 'tuple' || type.kind === 'record', 'lower: a member of a tuple');
  const field = type.fields.find((candidate) => candidate.name === name);
  invariant(field !== undefined, `lower: no member ${name}`);
  const value = l.value(object);
  invariant(value.kind === 'memory', 'lower: a tuple is in memory');
  return readLocated(l, locatedAt(value, field.offset), field.type);
}
