/**
 * Values written where they are needed: keys, map values, variables, fields of events. What has a maker of its own
 * (text, stacks, tuples) is made in place; the rest is copied.
 */
import { sizeOfType } from '../types/layout.ts';
import type { Type } from '../types/type.ts';
import type { Expression } from '../syntax/ast.ts';
import { refuse } from './codegen-fault.ts';
import type { Address } from './ir.ts';
import { lowerBuiltinInto } from './lower-builtin.ts';
import { lowerCallInto } from './lower-call.ts';
import { lowerChoiceInto } from './lower-choice.ts';
import { lowerBlockInto } from './lower-block.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { at, copyBytes, pointing, storeBytes, zeroBytes } from './memory.ts';
import { narrow } from './narrow.ts';
import { readBytes, readText } from './remote.ts';
import { hasPadding, isScalar, scalarBytes } from './type-traits.ts';
import type { Value } from './value.ts';

/** Writes all bytes of `type`; strings are followed by zeros. */
export function lowerInto(l: Lowering, expression: Expression, to: Address, type: Type): void {
  switch (expression.kind) {
    case 'tuple':
      lowerMembersInto(l, expression.elements, to, type);
      return;
    case 'record':
      lowerMembersInto(
        l,
        expression.fields.map(({ value }) => value),
        to,
        type,
        expression.fields.map(({ name }) => name),
      );
      return;
    case 'ternary':
    case 'if':
      if (!isScalar(type)) {
        lowerChoiceInto(l, expression, to, type);
        return;
      }
      break;
    case 'block-expression':
      lowerBlockInto(l, expression.block, to, type);
      return;
    case 'call':
      if (lowerCallInto(l, expression, to, type)) return;
      break;
    case 'identifier':
      if (lowerBuiltinInto(l, expression, to, type)) return;
      break;
    default:
  }
  writeValue(l, l.value(expression), typeOf(l, expression), to, type);
}

/** Writes a value of one type as another: wider integers, longer strings, tuples of such. */
export function writeValue(l: Lowering, value: Value, from: Type, to: Address, type: Type): void {
  switch (value.kind) {
    case 'scalar':
      l.b.store(scalarBytes(type), to, value.operand);
      return;
    case 'text':
      storeBytes(l, to, padded(value.bytes, sizeOfType(type)));
      return;
    case 'memory':
      copyValue(l, value.address, from, to, type);
      return;
    case 'remote': {
      const { place } = value;
      if (type.kind !== 'string') {
        readBytes(l, to, sizeOfType(type), place);
        return;
      }
      const size = from.kind === 'string' ? Math.min(from.size, type.size) : type.size;
      zeroBytes(l, to, type.size);
      const space = place.space === 'user' ? 'user' : 'kernel';
      readText(l, to, BigInt(size), pointing(place.base, place.offset), space);
      return;
    }
    case 'nothing':
      zeroBytes(l, to, sizeOfType(type));
  }
}

function copyValue(l: Lowering, from: Address, fromType: Type, to: Address, type: Type): void {
  const size = sizeOfType(type);
  const available = sizeOfType(fromType);
  if (isScalar(type) && isScalar(fromType)) {
    const loaded = narrow(l.b, l.b.load(scalarBytes(fromType), from), fromType);
    l.b.store(scalarBytes(type), to, loaded);
    return;
  }
  const isTuple = type.kind === 'tuple' || type.kind === 'record';
  if (isTuple && (fromType.kind === 'tuple' || fromType.kind === 'record') && size !== available) {
    if (hasPadding(type)) zeroBytes(l, to, size);
    type.fields.forEach((field, index) => {
      const source = fromType.fields[index];
      if (source === undefined) return;
      copyValue(l, at(from, source.offset), source.type, at(to, field.offset), field.type);
    });
    return;
  }
  copyBytes(l, to, from, Math.min(size, available));
  if (size > available) zeroBytes(l, at(to, available), size - available);
}

function lowerMembersInto(
  l: Lowering,
  values: readonly Expression[],
  to: Address,
  type: Type,
  names?: readonly string[],
): void {
  if (type.kind !== 'tuple' && type.kind !== 'record') {
    const [only] = values;
    if (only !== undefined) l.into(only, to, type);
    return;
  }
  if (hasPadding(type)) zeroBytes(l, to, type.size);
  values.forEach((value, index) => {
    const name = names?.[index];
    const field =
      name === undefined ? type.fields[index] : type.fields.find((other) => other.name === name);
    if (field === undefined) refuse(value.span, 'this member');
    l.into(value, at(to, field.offset), field.type);
  });
}

function padded(bytes: Uint8Array, size: number): Uint8Array {
  const result = new Uint8Array(size);
  result.set(bytes.subarray(0, Math.max(0, size - 1)));
  return result;
}
