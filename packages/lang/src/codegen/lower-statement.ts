/** Statements: one case per kind of node. */
import type { Assignment, Expression, Jump, Statement } from '../syntax/ast.ts';
import { refuse } from './codegen-fault.ts';
import { aggregate } from './lower-aggregation.ts';
import { lowerBlockValue } from './lower-block.ts';
import { lowerIf } from './lower-choice.ts';
import { deleteOrReport } from './lower-delete.ts';
import { lowerFor, lowerUnroll, lowerWhile } from './lower-loop.ts';
import { assignMap, bumpMap } from './lower-map-update.ts';
import { assignVariable, clearVariable, setHome } from './lower-variable.ts';
import type { Lowering } from './lowering.ts';
import { inScope } from './memory.ts';
import { narrow } from './narrow.ts';
import { sourceLine } from './source-line.ts';
import { isAggregation } from './type-traits.ts';

export function lowerStatement(l: Lowering, statement: Statement): void {
  if (statement.kind !== 'block') {
    l.b.from(sourceLine(statement.span));
    l.place.statement = statement.span;
  }
  switch (statement.kind) {
    case 'expression-statement':
      inScope(l, () => {
        lowerForEffect(l, statement.expression);
      });
      return;
    case 'discard':
      inScope(l, () => l.value(statement.expression));
      return;
    case 'let':
      if (statement.value === undefined) clearVariable(l, statement.variable);
      else {
        const { value } = statement;
        inScope(l, () => {
          assignVariable(l, statement.variable, '=', value);
        });
      }
      return;
    case 'assignment':
      lowerAssignment(l, statement);
      return;
    case 'for':
      lowerFor(l, statement);
      return;
    case 'while':
      lowerWhile(l, statement);
      return;
    case 'unroll':
      lowerUnroll(l, statement);
      return;
    case 'jump':
      lowerJump(l, statement);
      return;
    case 'block':
      lowerBlockValue(l, statement);
      return;
    case 'statement-import':
      refuse(statement.span, 'an import in a block');
  }
}

/** What nobody reads need not be computed: `@x++` is one atomic addition. */
function lowerForEffect(
  l: Lowering,
  expression: Extract<Statement, { kind: 'expression-statement' }>['expression'],
): void {
  if (expression.kind === 'if') lowerIf(l, expression);
  else if (expression.kind === 'increment' && expression.target.kind === 'map') {
    bumpMap(l, expression.target, expression.operator === '++' ? 1n : -1n);
  } else if (expression.kind === 'call' && expression.callee === 'delete') {
    deleteOrReport(l, expression);
  } else l.value(expression);
}

function lowerAssignment(l: Lowering, { target, operator, value }: Assignment): void {
  inScope(l, () => {
    if (target.kind === 'variable') {
      assignVariable(l, target, operator, value);
      return;
    }
    const type = l.session.map(target.name).plan.value;
    if (!isAggregation(type)) assignMap(l, target, operator, value);
    else if (value.kind === 'call') aggregate(l, target, type, value);
    else refuse(value.span, `assigning this to ${target.name}`);
  });
}

function returnValue(l: Lowering, value: Expression): void {
  const { result } = l;
  if (result === undefined) l.value(value);
  else if (result.kind === 'memory') l.into(value, result.address, result.type);
  else setHome(l, result, narrow(l.b, l.scalar(value), result.type));
}

function lowerJump(l: Lowering, { jump, value, span }: Jump): void {
  if (jump === 'return') {
    if (value !== undefined) inScope(l, () => returnValue(l, value));
    l.b.jump(l.exit);
    return;
  }
  const loop = l.loops.at(-1);
  if (loop === undefined) return refuse(span, `${jump} here`);
  l.b.jump(jump === 'break' ? loop.breakTo : loop.continueTo);
}
