/** Compound assignments: the operator in them, and its result. */
import type { AssignmentOperator, BinaryOperator } from '../syntax/operators.ts';
import type { Span } from '../source.ts';
import type { Type } from '../types/type.ts';
import type { Operand } from './ir.ts';
import { compute } from './lower-binary.ts';
import type { Lowering } from './lowering.ts';
import { scaled } from './stride.ts';
import { isSigned } from './type-traits.ts';

/** The operator in a compound assignment. */
export function binaryOperator(operator: AssignmentOperator): BinaryOperator | undefined {
  switch (operator) {
    case '=':
      return undefined;
    case '+=':
      return '+';
    case '-=':
      return '-';
    case '*=':
      return '*';
    case '/=':
      return '/';
    case '%=':
      return '%';
    case '&=':
      return '&';
    case '|=':
      return '|';
    case '^=':
      return '^';
    case '<<=':
      return '<<';
    case '>>=':
      return '>>';
  }
}

export function combine(
  l: Lowering,
  operator: BinaryOperator,
  left: Operand,
  right: Operand,
  type: Type,
  span: Span,
): Operand {
  return compute(l, operator, left, scaled(l, right, type), isSigned(type), span);
}
