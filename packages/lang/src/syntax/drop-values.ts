/**
 * The last expression of a probe's or loop's body has no use for its value, so it becomes a statement, and so do the
 * last expressions of the blocks inside it.
 */
import type { Block, Expression, If, Statement } from './ast.ts';

export function dropValue(block: Block): Block {
  const { value } = block;
  if (value === undefined) return block;
  return { ...block, statements: [...block.statements, asStatement(value)], value: undefined };
}

function asStatement(expression: Expression): Statement {
  switch (expression.kind) {
    case 'if':
      return {
        kind: 'expression-statement',
        span: expression.span,
        expression: dropInIf(expression),
      };
    case 'block-expression':
      return dropInBlock(expression.block);
    default:
      return { kind: 'expression-statement', span: expression.span, expression };
  }
}

function dropInBlock(block: Block): Block {
  return dropValue({ ...block, statements: block.statements.map(dropInStatement) });
}

function dropInStatement(statement: Statement): Statement {
  if (statement.kind === 'block') return dropInBlock(statement);
  if (statement.kind !== 'expression-statement' || statement.expression.kind !== 'if') {
    return statement;
  }
  return { ...statement, expression: dropInIf(statement.expression) };
}

function dropInIf(expression: If): If {
  const { then, otherwise } = expression;
  return {
    ...expression,
    then: dropInBlock(then),
    otherwise:
      otherwise === undefined
        ? undefined
        : otherwise.kind === 'if'
          ? dropInIf(otherwise)
          : dropInBlock(otherwise),
  };
}
