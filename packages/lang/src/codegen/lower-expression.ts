/** Expressions to values: one case per kind of node, each in the file of its family. */
import type { Expression } from '../syntax/ast.ts';
import { encodeText } from '@bpfleet/protocol';
import { integer } from '../types/scalars.ts';
import type { Type } from '../types/type.ts';
import { refuse } from './codegen-fault.ts';
import type { Operand } from './ir.ts';
import { asNumber, lowerAddress } from './lower-address.ts';
import { lowerAccess, lowerDereference, lowerTupleAccess } from './lower-access.ts';
import { lowerElement } from './lower-element.ts';
import { lowerBinary } from './lower-binary.ts';
import { lowerBuiltin } from './lower-builtin.ts';
import { lowerCall } from './lower-call.ts';
import { lowerTruth } from './lower-condition.ts';
import { lowerChoice } from './lower-choice.ts';
import { lowerIncrement, readVariable } from './lower-variable.ts';
import { inMemory, materialise } from './materialise.ts';
import { readMap } from './lower-map.ts';
import { lowerBlockValue } from './lower-block.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { takeMemory } from './memory.ts';
import { narrow } from './narrow.ts';
import { placeAddress, readObject } from './remote.ts';
import { isScalar, scalarBytes } from './type-traits.ts';
import { sizeOfType } from '../types/layout.ts';
import { scalar, type Value } from './value.ts';

export function lowerExpression(l: Lowering, expression: Expression): Value {
  switch (expression.kind) {
    case 'integer':
      return scalar(expression.value);
    case 'boolean':
      return scalar(expression.value ? 1n : 0n);
    case 'string':
      return { kind: 'text', bytes: encodeText(expression.value) };
    case 'identifier':
      return lowerBuiltin(l, expression);
    case 'variable':
      return readVariable(l, expression);
    case 'map':
      return readMap(l, expression);
    case 'unary':
      return lowerUnary(l, expression);
    case 'increment':
      return lowerIncrement(l, expression);
    case 'binary':
      return lowerBinary(l, expression);
    case 'ternary':
    case 'if':
      return lowerChoice(l, expression);
    case 'block-expression':
      return lowerBlockValue(l, expression.block);
    case 'field':
      return lowerAccess(l, expression);
    case 'tuple-access':
      return lowerTupleAccess(l, expression);
    case 'index':
      return lowerElement(l, expression);
    case 'call':
      return lowerCall(l, expression);
    case 'cast':
      return lowerCast(l, expression);
    case 'tuple':
    case 'record':
      return materialise(l, expression);
    case 'comptime':
      return lowerExpression(l, expression.expression);
    case 'positional':
    case 'positional-count':
    case 'sizeof':
    case 'offsetof':
    case 'typeof':
    case 'typeinfo':
      return refuse(expression.span, `${expression.kind} here`);
  }
}

/** The value of an expression whose type is scalar; of what stays in memory, its address. */
export function lowerScalar(l: Lowering, expression: Expression): Operand {
  const value = lowerExpression(l, expression);
  switch (value.kind) {
    case 'scalar':
      return value.operand;
    case 'remote':
      return placeAddress(l, value.place);
    case 'memory': {
      const type = typeOf(l, expression);
      return isScalar(type)
        ? narrow(l.b, l.b.load(scalarBytes(type), value.address), type)
        : l.b.addressOf(value.address);
    }
    case 'text':
    case 'nothing':
      return refuse(expression.span, `a ${expression.kind} as a number`);
  }
}

function lowerUnary(l: Lowering, expression: Extract<Expression, { kind: 'unary' }>): Value {
  const { operand, operator } = expression;
  switch (operator) {
    case '!':
      return lowerTruth(l, expression);
    case '-':
      return scalar(l.b.arithmetic('sub', 0n, lowerScalar(l, operand)));
    case '~': {
      const inverted = l.b.arithmetic('xor', lowerScalar(l, operand), -1n);
      return scalar(narrow(l.b, inverted, typeOf(l, expression)));
    }
    case '*':
      return lowerDereference(l, expression);
    case '&':
      return lowerAddress(l, expression);
  }
}

function lowerCast(l: Lowering, expression: Extract<Expression, { kind: 'cast' }>): Value {
  const type = typeOf(l, expression);
  if (isScalar(type)) {
    const from = typeOf(l, expression.operand);
    if (from.kind === 'string' && type.kind === 'boolean') {
      return scalar(truth(l, l.b.load(1, inMemory(l, expression.operand))));
    }
    if ((from.kind === 'string' || from.kind === 'array') && type.kind === 'pointer') {
      return scalar(addressOfValue(l, expression.operand));
    }
    if (!isScalar(from) && (from.kind === 'array' || from.kind === 'string')) {
      return castBytes(l, expression, type);
    }
    const operand = lowerScalar(l, expression.operand);
    if (type.kind === 'boolean') return scalar(truth(l, operand));
    // An address has no sign: a negative number of few bits is not extended.
    if (type.kind === 'pointer' && from.kind === 'integer') {
      return scalar(narrow(l.b, operand, integer(from.size, false)));
    }
    return scalar(narrow(l.b, operand, type));
  }
  const from = typeOf(l, expression.operand);
  if (isScalar(from) && type.kind !== 'string') {
    const to = takeMemory(l, Math.max(8, sizeOfType(type)));
    l.b.store(8, to, lowerScalar(l, expression.operand));
    return { kind: 'memory', address: to };
  }
  return type.kind === 'string'
    ? materialise(l, expression.operand, type)
    : lowerExpression(l, expression.operand);
}

/** Of text in a buffer of this program, the buffer's. */
function addressOfValue(l: Lowering, expression: Expression): Operand {
  const value = lowerExpression(l, expression);
  if (value.kind === 'remote') return placeAddress(l, value.place);
  const address = value.kind === 'memory' ? value.address : materialise(l, expression).address;
  return asNumber(l, l.b.addressOf(address));
}

/** The bytes of an array or string as an integer. */
function castBytes(
  l: Lowering,
  expression: Extract<Expression, { kind: 'cast' }>,
  type: Type,
): Value {
  const from = typeOf(l, expression.operand);
  const value = lowerExpression(l, expression.operand);
  const address =
    value.kind === 'remote'
      ? readObject(l, value.place, from)
      : value.kind === 'memory'
        ? value.address
        : refuse(expression.span, 'this cast');
  return scalar(narrow(l.b, l.b.load(scalarBytes(type), address), type));
}

function truth(l: Lowering, operand: Operand): Operand {
  if (typeof operand === 'bigint') return operand === 0n ? 0n : 1n;
  const done = l.b.label('truth');
  const result = l.b.copy(1n);
  l.b.branch('ne', operand, 0n, done);
  l.b.move(result, 0n);
  l.b.place(done);
  return result;
}
