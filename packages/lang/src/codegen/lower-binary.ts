/** Binary operators on numbers and pointers; comparisons and logic become jumps elsewhere. */
import type { Binary } from '../syntax/ast.ts';
import type { BinaryOperator } from '../syntax/operators.ts';
import { refuse } from './codegen-fault.ts';
import type { ArithmeticOperator, Operand } from './ir.ts';
import { isComparison, lowerTruth } from './lower-condition.ts';
import { divide } from './lower-division.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { scaled } from './stride.ts';
import { isSigned } from './type-traits.ts';
import { scalar, type Value } from './value.ts';
import type { Span } from '../source.ts';

type PlainOperator = Exclude<
  BinaryOperator,
  '/' | '%' | '&&' | '||' | '==' | '!=' | '<' | '<=' | '>' | '>='
>;

const operators: Readonly<Record<PlainOperator, ArithmeticOperator>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
  '<<': 'lsh',
  // Logical for signed values too, as bpftrace has it.
  '>>': 'rsh',
};

export function lowerBinary(l: Lowering, expression: Binary): Value {
  const { operator } = expression;
  if (operator === '&&' || operator === '||' || isComparison(operator)) {
    return lowerTruth(l, expression);
  }
  const types = { left: typeOf(l, expression.left), right: typeOf(l, expression.right) };
  const left = scaled(l, l.scalar(expression.left), types.right);
  const right = scaled(l, l.scalar(expression.right), types.left);
  const signed = isSigned(typeOf(l, expression));
  return scalar(compute(l, operator, left, right, signed, expression.span));
}

/** `left OPERATOR right`; `signed` matters to division only. */
export function compute(
  l: Lowering,
  operator: BinaryOperator,
  left: Operand,
  right: Operand,
  signed: boolean,
  span: Span,
): Operand {
  if (operator === '/' || operator === '%') return divide(l, operator, left, right, signed, span);
  if (operator === '&&' || operator === '||' || isComparison(operator)) {
    return refuse(span, `${operator} here`);
  }
  const shifts = operator === '<<' || operator === '>>';
  // The processor uses the low 6 bits; the verifier insists on seeing no others in an immediate.
  const amount = shifts && typeof right === 'bigint' ? right & 63n : right;
  return l.b.arithmetic(operators[operator], left, amount);
}
