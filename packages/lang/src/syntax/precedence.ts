/** Binary operators and how tightly they bind. */
import type { AssignmentOperator, BinaryOperator } from './operators.ts';

/** From loosest to tightest; all associate to the left. */
const levels: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

export interface BinaryPrecedence {
  readonly operator: BinaryOperator;
  /** 1 for `||` up to 10 for `*`. */
  readonly precedence: number;
}

const table: ReadonlyMap<string, BinaryPrecedence> = new Map(
  levels.flatMap((operators, level) =>
    operators.map((operator) => [operator, { operator, precedence: level + 1 }] as const),
  ),
);

const assignments: ReadonlyMap<string, AssignmentOperator> = new Map(
  (['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>='] as const).map((operator) => [
    operator,
    operator,
  ]),
);

export function binaryPrecedence(text: string): BinaryPrecedence | undefined {
  return table.get(text);
}

export function assignmentOperator(text: string): AssignmentOperator | undefined {
  return assignments.get(text);
}

/** Precedences beyond the binary operators, for printing. */
export const ternaryPrecedence = 0;
export const unaryPrecedence = 11;
export const postfixPrecedence = 12;
export const primaryPrecedence = 13;
