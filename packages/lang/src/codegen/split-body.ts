/**
 * A body that is too much for one program of the kernel, cut between its statements into pieces: programs that go on to each
 * other by tail calls.
 */
import type { Block, Expression, If, Statement } from '../syntax/ast.ts';

/** `MAX_TAIL_CALL_CNT` of the kernel: programs that one may go on to. */
export const MAX_PARTS = 33;

export interface BodyPart {
  /** All of it for the first, with what the statements stand under; statements alone for those that come after. */
  readonly body: Block;
  readonly index: number;
  readonly count: number;
}

/** As many parts as asked for, or as there are statements; one of all where there is nothing to cut. */
export function splitBody(body: Block, wanted: number): readonly BodyPart[] {
  const { statements, value } = innermost(body);
  const count = Math.max(1, Math.min(wanted, MAX_PARTS, statements.length));
  const cuts = Array.from({ length: count + 1 }, (_, index) =>
    Math.round((index * statements.length) / count),
  );
  return cuts.slice(1).map((end, index): BodyPart => {
    const last = index === count - 1;
    const piece = statements.slice(cuts[index], end);
    const block = blockOf(body, piece, last ? value : undefined);
    return { body: index === 0 ? inPlace(body, block) : block, index, count };
  });
}

/** The one condition that is all of a block: the predicate, or an `if` around everything. */
export function onlyCondition(block: Block): If | undefined {
  const [only, ...others] = block.statements;
  const condition = only?.kind === 'expression-statement' ? only.expression : undefined;
  if (others.length > 0 || block.value !== undefined) return undefined;
  return condition?.kind === 'if' && condition.otherwise === undefined ? condition : undefined;
}

/** The block whose statements are cut apart. */
export function innermost(block: Block): Block {
  const condition = onlyCondition(block);
  return condition === undefined ? block : innermost(condition.then);
}

function inPlace(block: Block, piece: Block): Block {
  const condition = onlyCondition(block);
  if (condition === undefined) return piece;
  const [only] = block.statements;
  const inner: If = { ...condition, then: inPlace(condition.then, piece) };
  return only?.kind === 'expression-statement'
    ? { ...block, statements: [{ ...only, expression: inner }] }
    : block;
}

function blockOf(
  whole: Block,
  statements: readonly Statement[],
  value: Expression | undefined,
): Block {
  return { ...whole, statements, value };
}
