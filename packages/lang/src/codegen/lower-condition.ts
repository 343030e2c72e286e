/** Conditions to jumps: `&&`, `||`, `!` and comparisons need no value of their own. */
import type { Binary, Expression } from '../syntax/ast.ts';
import type { BinaryOperator } from '../syntax/operators.ts';
import { isSignFlexible } from '../types/sign-flexible.ts';
import type { Comparison } from './ir.ts';
import { compareStrings, compareObjects } from './lower-comparison.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { isScalar, isSigned } from './type-traits.ts';
import { scalar, type Value } from './value.ts';

/** Goes to `target` if the expression's truth is `wanted`, else on. */
export function branchIf(
  l: Lowering,
  expression: Expression,
  wanted: boolean,
  target: string,
): void {
  if (expression.kind === 'unary' && expression.operator === '!') {
    branchIf(l, expression.operand, !wanted, target);
    return;
  }
  if (expression.kind === 'boolean') {
    if (expression.value === wanted) l.b.jump(target);
    return;
  }
  if (expression.kind === 'binary') {
    const { operator } = expression;
    if (operator === '&&' || operator === '||') {
      branchLogical(l, expression, wanted, target);
      return;
    }
    if (isComparison(operator)) {
      branchComparison(l, expression, operator, wanted, target);
      return;
    }
  }
  l.b.branch(wanted ? 'ne' : 'eq', l.scalar(expression), 0n, target);
}

/** The truth of an expression as 0 or 1. */
export function lowerTruth(l: Lowering, expression: Expression): Value {
  const done = l.b.label('truth');
  const result = l.b.register();
  const isTrue = l.b.label('true');
  branchIf(l, expression, true, isTrue);
  l.b.move(result, 0n);
  l.b.jump(done);
  l.b.place(isTrue);
  l.b.move(result, 1n);
  l.b.place(done);
  return scalar(result);
}

function branchLogical(l: Lowering, expression: Binary, wanted: boolean, target: string): void {
  // `a && b` is false as soon as a is, `a || b` true as soon as a is.
  const decisive = expression.operator === '||';
  if (wanted === decisive) {
    branchIf(l, expression.left, wanted, target);
    branchIf(l, expression.right, wanted, target);
    return;
  }
  const decided = l.b.label('decided');
  branchIf(l, expression.left, decisive, decided);
  branchIf(l, expression.right, wanted, target);
  l.b.place(decided);
}

type ComparisonOperator = Extract<BinaryOperator, '==' | '!=' | '<' | '<=' | '>' | '>='>;

const unsigned: Readonly<Record<ComparisonOperator, Comparison>> = {
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};
const signed: Readonly<Record<ComparisonOperator, Comparison>> = {
  '==': 'eq',
  '!=': 'ne',
  '<': 'slt',
  '<=': 'sle',
  '>': 'sgt',
  '>=': 'sge',
};
const inverse: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};

export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  return operator in unsigned;
}

function branchComparison(
  l: Lowering,
  expression: Binary,
  operator: ComparisonOperator,
  wanted: boolean,
  target: string,
): void {
  const { left, right } = expression;
  const type = typeOf(l, left);
  const effective = wanted ? operator : inverse[operator];
  if (type.kind === 'string') {
    compareStrings(l, left, right, effective === '==', target);
    return;
  }
  if (!isScalar(type)) {
    compareObjects(l, left, right, effective === '==', target);
    return;
  }
  const table = comparesSigned(l, left, right) ? signed : unsigned;
  const first = l.scalar(left);
  const second = l.scalar(right);
  l.b.branch(table[effective], first, second, target);
}

/** Values are compared as 64 bits, so that only two unsigned ones need an unsigned comparison. */
function comparesSigned(l: Lowering, left: Expression, right: Expression): boolean {
  const unsignedSide = (expression: Expression): boolean =>
    !isSigned(typeOf(l, expression)) || isSignFlexible(expression);
  return !(unsignedSide(left) && unsignedSide(right));
}
