/** Operators on literals. Integers have 64 bits and no sign until there is one; a result that does not fit is a fault. */
import {
  divisionByZero,
  emptyString,
  foldOverflow,
  illegalStringOperation,
  negativeUnderflow,
} from '../diagnostics/messages/constants.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../source.ts';
import type { Binary, Expression, Unary } from '../syntax/ast.ts';
import type { BinaryOperator } from '../syntax/operators.ts';
import { compareTexts, encodeText } from '@bpfleet/protocol';
import { stringAfter } from '../syntax/decode-string.ts';
import { integerValue, isFolded, literalValue, sameLiteral } from './constants.ts';

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;

/** What takes the place of the node, the node itself if it is not constant, or a fault; a warning leaves a value. */
export type Folded =
  Expression | { readonly kind: 'fault'; readonly fault: Diagnostic; readonly value?: Expression };

export function foldBinary(node: Binary): Folded {
  const { operator, left, right, span } = node;
  if ((operator === '/' || operator === '%') && literalValue(right) === 0n) {
    const constant = literalValue(left) !== undefined;
    return { kind: 'fault', fault: constant ? foldOverflow(span) : divisionByZero(span) };
  }
  if (left.kind === 'string') return foldString(node, left.value, right);
  if (right.kind === 'string') return foldString(node, right.value, left);
  if (left.kind === 'boolean' || right.kind === 'boolean') return foldBoolean(node);
  const compound = left.kind === right.kind && (left.kind === 'tuple' || left.kind === 'record');
  if (compound && (operator === '==' || operator === '!=')) {
    const same = sameLiteral(left, right);
    return same === undefined ? node : boolean(span, same === (operator === '=='));
  }
  const [a, b] = [integerValue(left), integerValue(right)];
  return a === undefined || b === undefined ? node : foldIntegers(node, a, b);
}

/** A negative integer meets only those that a signed one could be. */
function foldIntegers({ operator, left, right, span }: Binary, a: bigint, b: bigint): Folded {
  const mixed = (a < 0n && b > MAX_INT64) || (b < 0n && a > MAX_INT64);
  if (mixed) return { kind: 'fault', fault: foldOverflow(span) };
  const compared = compare(operator, a, b);
  if (compared !== undefined) return boolean(span, compared);
  const result = compute(operator, a, b);
  if (result === undefined || result < MIN_INT64 || result > MAX_UINT64) {
    return { kind: 'fault', fault: foldOverflow(span) };
  }
  const sized = isFolded(left) || isFolded(right);
  return sized && result >= 0n ? unsigned64(span, result) : integer(span, result);
}

function foldString(node: Binary, text: string, other: Expression): Folded {
  const { operator, span, left } = node;
  const offset = integerValue(other);
  if (operator === '+' && other.kind === 'integer' && offset !== undefined && offset >= 0n) {
    if (offset < BigInt(encodeText(text).length)) {
      return string(span, stringAfter(text, Number(offset)));
    }
    return { kind: 'fault', fault: emptyString(span), value: string(span, '') };
  }
  if (other.kind === 'boolean' && (operator === '&&' || operator === '||')) {
    return boolean(span, compare(operator, bit(text !== ''), bit(other.value)) === true);
  }
  if (other.kind !== 'string') return node;
  const [first, second] = left === other ? [other.value, text] : [text, other.value];
  if (operator === '+') return string(span, first + second);
  if (operator === '&&' || operator === '||') {
    return boolean(span, compare(operator, bit(first !== ''), bit(second !== '')) === true);
  }
  const order = BigInt(compareTexts(first, second));
  const compared = compare(operator, order, 0n);
  if (compared === undefined) return { kind: 'fault', fault: illegalStringOperation(span) };
  return boolean(span, compared);
}

/** Operators on two truths give a truth; with an integer only the logical ones are defined. */
function foldBoolean(node: Binary): Folded {
  const { operator, left, right, span } = node;
  const both = left.kind === 'boolean' && right.kind === 'boolean';
  const logical = operator === '&&' || operator === '||';
  const [a, b] = [truthOf(left), truthOf(right)];
  if (a === undefined || b === undefined || (!both && !logical)) return node;
  switch (operator) {
    case '/':
      return boolean(span, a !== 0n);
    case '%':
      return boolean(span, false);
    case '<<':
      return boolean(span, a < b);
    case '>>':
      return boolean(span, a > b);
    default:
      return boolean(span, compare(operator, a, b) ?? compute(operator, a, b) !== 0n);
  }
}

export function foldUnary(node: Unary): Folded {
  const { operator, operand, span } = node;
  if (operand.kind === 'boolean') return operator === '!' ? boolean(span, !operand.value) : node;
  const value = integerValue(operand);
  if (value === undefined) return node;
  switch (operator) {
    case '-':
      if (-value < MIN_INT64) return { kind: 'fault', fault: negativeUnderflow(span) };
      return integer(span, -value);
    case '~':
      return integer(span, value < 0n ? ~value : BigInt.asUintN(64, ~value));
    case '!':
      return boolean(span, value === 0n);
    default:
      return node;
  }
}

/** A literal that is a uint64 even if it is small. */
export function unsigned64(span: Span, value: bigint): Expression {
  return {
    kind: 'cast',
    span,
    type: { kind: 'type-name', span, tag: undefined, base: 'uint64', derivations: [] },
    operand: integer(span, value),
  };
}

export function integer(span: Span, value: bigint): Expression {
  return { kind: 'integer', span, value, suffix: undefined };
}

function boolean(span: Span, value: boolean): Expression {
  return { kind: 'boolean', span, value };
}

function string(span: Span, value: string): Expression {
  return { kind: 'string', span, value };
}

function bit(value: boolean): bigint {
  return value ? 1n : 0n;
}

function truthOf(operand: Expression): bigint | undefined {
  if (operand.kind === 'boolean') return bit(operand.value);
  const value = integerValue(operand);
  return value === undefined ? undefined : bit(value !== 0n);
}

function compare(operator: BinaryOperator, a: bigint, b: bigint): boolean | undefined {
  switch (operator) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '&&':
      return a !== 0n && b !== 0n;
    case '||':
      return a !== 0n || b !== 0n;
    default:
      return undefined;
  }
}

function compute(operator: BinaryOperator, a: bigint, b: bigint): bigint | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '<<':
      if (b < 0n || b > 63n) return undefined;
      return a < 0n ? BigInt.asIntN(64, a << b) : BigInt.asUintN(64, a << b);
    case '>>':
      return b < 0n || b > 63n ? undefined : a >> b;
    default:
      return undefined;
  }
}
