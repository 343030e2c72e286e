/** Operators on literals. Integers are exact; a result that no 64-bit integer holds is a fault. */
import {
  divisionByZero,
  foldOverflow,
  illegalStringOperation,
  negativeUnderflow,
} from '../diagnostics/messages/constants.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Binary, BinaryOperator, Expression, Unary } from '../syntax/ast.ts';

const MIN_INT64 = -(2n ** 63n);
const MAX_UINT64 = 2n ** 64n - 1n;

/** What takes the place of the node, the node itself if it is not constant, or a fault. */
export type Folded = Expression | { readonly kind: 'fault'; readonly fault: Diagnostic };

export function foldBinary(node: Binary): Folded {
  const { operator, left, right, span } = node;
  if ((operator === '/' || operator === '%') && literalValue(right) === 0n) {
    return { kind: 'fault', fault: divisionByZero(span) };
  }
  if (left.kind === 'string' && right.kind === 'string')
    return foldStrings(node, left.value, right.value);
  const [a, b] = [literalValue(left), literalValue(right)];
  if (a === undefined || b === undefined) return node;
  const compared = compare(operator, a, b);
  if (compared !== undefined) return { kind: 'boolean', span, value: compared };
  const result = compute(operator, a, b);
  if (result === undefined || result < MIN_INT64 || result > MAX_UINT64) {
    return { kind: 'fault', fault: foldOverflow(span) };
  }
  return { kind: 'integer', span, value: result, suffix: undefined };
}

function foldStrings({ operator, span }: Binary, left: string, right: string): Folded {
  switch (operator) {
    case '+':
      return { kind: 'string', span, value: left + right };
    case '==':
      return { kind: 'boolean', span, value: left === right };
    case '!=':
      return { kind: 'boolean', span, value: left !== right };
    default:
      return { kind: 'fault', fault: illegalStringOperation(span) };
  }
}

export function foldUnary(node: Unary): Folded {
  const { operator, operand, span } = node;
  const value = literalValue(operand);
  if (value === undefined) return node;
  switch (operator) {
    case '-':
      if (-value < MIN_INT64) return { kind: 'fault', fault: negativeUnderflow(span) };
      return { kind: 'integer', span, value: -value, suffix: undefined };
    case '~':
      return {
        kind: 'integer',
        span,
        value: value < 0n ? ~value : BigInt.asUintN(64, ~value),
        suffix: undefined,
      };
    case '!':
      return { kind: 'boolean', span, value: value === 0n };
    default:
      return node;
  }
}

/** Booleans count as 0 and 1. */
export function literalValue(expression: Expression): bigint | undefined {
  if (expression.kind === 'integer') return expression.value;
  if (expression.kind === 'boolean') return expression.value ? 1n : 0n;
  return undefined;
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
      return b < 0n || b > 63n ? undefined : a << b;
    case '>>':
      return b < 0n || b > 63n ? undefined : a >> b;
    default:
      return undefined;
  }
}
