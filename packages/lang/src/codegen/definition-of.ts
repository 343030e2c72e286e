/** What a variable stands for that is set once. */
import type { Block, Expression, Variable } from '../syntax/ast.ts';
import { walk } from '../syntax/visit.ts';
import { innermost } from './split-body.ts';

/** What the variable is set to where it is set once, in a statement of the body itself, before it is read. */
export function definitionOf(body: Block, variable: Variable): Expression | undefined {
  let changes = 0;
  walk(body, {
    enter: (node) => {
      const isTarget =
        (node.kind === 'assignment' || node.kind === 'increment') &&
        node.target.kind === 'variable' &&
        node.target.name === variable.name;
      const isAddress =
        node.kind === 'unary' &&
        node.operator === '&' &&
        node.operand.kind === 'variable' &&
        node.operand.name === variable.name;
      const isLet = node.kind === 'let' && node.variable.name === variable.name;
      const isKey = node.kind === 'for' && node.variable.name === variable.name;
      if (isTarget || isAddress || (isLet && node.value !== undefined) || isKey) changes++;
    },
  });
  if (changes !== 1) return undefined;
  for (const statement of innermost(body).statements) {
    if (statement.span.start >= variable.span.start) return undefined;
    if (statement.kind === 'let' && statement.variable.name === variable.name) {
      if (statement.value !== undefined) return statement.value;
    }
    if (statement.kind !== 'assignment' || statement.target.kind !== 'variable') continue;
    if (statement.target.name === variable.name) return statement.value;
  }
  return undefined;
}
