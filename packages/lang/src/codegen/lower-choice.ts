/** `c ? a : b`, `a ?: b` and `if` as a value. */
import type { Block, Expression, If, Ternary } from '../syntax/ast.ts';
import type { Type } from '../types/type.ts';
import type { Address, Operand } from './ir.ts';
import { branchIf } from './lower-condition.ts';
import { materialise } from './materialise.ts';
import { lowerBlockInto, lowerBlockValue } from './lower-block.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { isScalar } from './type-traits.ts';
import { scalar, type Value } from './value.ts';

/** `if` as a statement. */
export function lowerIf(l: Lowering, expression: If): void {
  const { condition, then, otherwise: not } = expression;
  if (condition.kind === 'boolean') {
    const taken = condition.value ? then : not;
    if (taken?.kind === 'if') lowerIf(l, taken);
    else if (taken !== undefined) l.statement(taken);
    return;
  }
  const done = l.b.label('endif');
  const otherwise = expression.otherwise === undefined ? done : l.b.label('else');
  branchIf(l, expression.condition, false, otherwise);
  l.statement(expression.then);
  if (expression.otherwise !== undefined) {
    l.b.jump(done);
    l.b.place(otherwise);
    if (expression.otherwise.kind === 'if') lowerIf(l, expression.otherwise);
    else l.statement(expression.otherwise);
  }
  l.b.place(done);
}

export function lowerChoice(l: Lowering, expression: Ternary | If): Value {
  const type = typeOf(l, expression);
  if (type.kind === 'void') {
    if (expression.kind === 'if') lowerIf(l, expression);
    else lowerVoidTernary(l, expression);
    return { kind: 'nothing' };
  }
  if (!isScalar(type)) return materialise(l, expression);
  const result = l.b.register();
  choose(
    l,
    expression,
    (chosen) => {
      l.b.move(result, scalarOf(l, chosen));
    },
    (condition) => {
      l.b.move(result, condition);
    },
  );
  return scalar(result);
}

/** The chosen side's value, written to memory. */
export function lowerChoiceInto(
  l: Lowering,
  expression: Ternary | If,
  to: Address,
  type: Type,
): void {
  choose(
    l,
    expression,
    (chosen) => {
      if (chosen.kind === 'block') lowerBlockInto(l, chosen, to, type);
      else l.into(chosen, to, type);
    },
    () => undefined,
  );
}

/** Writes both sides; `same` is for `a ?: b`, whose condition is its value. */
function choose(
  l: Lowering,
  expression: Ternary | If,
  side: (chosen: Expression | Block) => void,
  same: (condition: Operand) => void,
): void {
  const otherwise = l.b.label('otherwise');
  const done = l.b.label('chosen');
  if (expression.kind === 'ternary' && expression.then === undefined) {
    const condition = l.scalar(expression.condition);
    l.b.branch('eq', condition, 0n, otherwise);
    same(condition);
  } else {
    branchIf(l, expression.condition, false, otherwise);
    if (expression.then !== undefined) side(expression.then);
  }
  l.b.jump(done);
  l.b.place(otherwise);
  if (expression.otherwise !== undefined) side(expression.otherwise);
  l.b.place(done);
}

function lowerVoidTernary(l: Lowering, expression: Ternary): void {
  choose(
    l,
    expression,
    (chosen) => {
      if (chosen.kind !== 'block') l.value(chosen);
    },
    () => undefined,
  );
}

function scalarOf(l: Lowering, chosen: Expression | Block): Operand {
  if (chosen.kind !== 'block') return l.scalar(chosen);
  const value = lowerBlockValue(l, chosen);
  return value.kind === 'scalar' ? value.operand : 0n;
}
