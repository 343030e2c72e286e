/**
 * Which blocks have values, and how they lose them. The last expression of a block is its value unless nothing comes out
 * of it, as of an `if` whose branches hold only statements. A statement has no use for a value, nor has the body of a
 * probe, function or loop: there the value becomes the last statement, and so do those of the blocks in its place.
 */
import type { Block, Expression, If, Statement } from './ast.ts';

/** Whether an expression at the end of a block can be its value. */
export function yieldsValue(expression: Expression): boolean {
  switch (expression.kind) {
    case 'if':
      return (
        blockYieldsValue(expression.then) ||
        (expression.otherwise !== undefined &&
          (expression.otherwise.kind === 'if'
            ? yieldsValue(expression.otherwise)
            : blockYieldsValue(expression.otherwise)))
      );
    case 'block-expression':
      return blockYieldsValue(expression.block);
    default:
      return true;
  }
}

function blockYieldsValue(block: Block): boolean {
  return block.value !== undefined;
}

/** The block with its value, if it has one, as its last statement. */
export function dropValue(block: Block): Block {
  const { value } = block;
  if (value === undefined) return block;
  return { ...block, statements: [...block.statements, asStatement(value)], value: undefined };
}

/** An expression as a statement, its value dropped; a block is a statement by itself. */
export function asStatement(expression: Expression): Statement {
  switch (expression.kind) {
    case 'block-expression':
      return dropValue(expression.block);
    case 'if':
      return {
        kind: 'expression-statement',
        span: expression.span,
        expression: dropInIf(expression),
      };
    default:
      return { kind: 'expression-statement', span: expression.span, expression };
  }
}

function dropInIf(expression: If): If {
  const { then, otherwise } = expression;
  return {
    ...expression,
    then: dropValue(then),
    otherwise:
      otherwise === undefined
        ? undefined
        : otherwise.kind === 'if'
          ? dropInIf(otherwise)
          : dropValue(otherwise),
  };
}
