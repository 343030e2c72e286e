/** Statements: one case per kind of node. */
import type { Assignment, For, Jump, Statement, Unroll, While } from '../syntax/ast.ts';
import { refuse } from './codegen-fault.ts';
import { aggregate } from './lower-aggregation.ts';
import { lowerBlockValue } from './lower-block.ts';
import { lowerIf } from './lower-choice.ts';
import { branchIf } from './lower-condition.ts';
import { deleteOrReport } from './lower-delete.ts';
import { assignMap, bumpMap } from './lower-map-update.ts';
import { assignVariable, clearVariable } from './lower-variable.ts';
import type { Lowering } from './lowering.ts';
import { inScope } from './memory.ts';
import { sourceLine } from './source-line.ts';
import { isAggregation } from './type-traits.ts';

export function lowerStatement(l: Lowering, statement: Statement): void {
  if (statement.kind !== 'block') l.b.from(sourceLine(statement.span));
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

function lowerWhile(l: Lowering, statement: While): void {
  const again = l.b.label('while');
  const done = l.b.label('endwhile');
  l.b.place(again);
  inScope(l, () => {
    branchIf(l, statement.condition, false, done);
  });
  inLoop(l, statement.body, done, again);
  l.b.jump(again);
  l.b.place(done);
}

/** Over a range, whose bounds are evaluated once. */
function lowerFor(l: Lowering, statement: For): void {
  const { iterable, variable } = statement;
  if (iterable.kind !== 'range') {
    refuse(statement.span, 'a loop over a map');
  }
  const index = l.b.copy(l.scalar(iterable.from));
  const end = l.b.copy(l.scalar(iterable.to));
  const again = l.b.label('for');
  const next = l.b.label('next');
  const done = l.b.label('endfor');
  l.b.place(again);
  l.b.branch('sge', index, end, done);
  const home = l.variables.get(variable.name);
  if (home?.kind === 'register') l.b.move(home.register, index);
  inLoop(l, statement.body, done, next);
  l.b.place(next);
  l.b.apply('add', index, 1n);
  l.b.jump(again);
  l.b.place(done);
}

function lowerUnroll(l: Lowering, { count, body, span }: Unroll): void {
  if (count.kind !== 'integer') refuse(span, 'unroll with a variable count');
  const done = l.b.label('unrolled');
  for (let turn = 0n; turn < count.value; turn++) {
    const next = l.b.label('turn');
    inLoop(l, body, done, next);
    l.b.place(next);
  }
  l.b.place(done);
}

function inLoop(l: Lowering, body: Statement, breakTo: string, continueTo: string): void {
  l.loops.push({ breakTo, continueTo });
  l.statement(body);
  l.loops.pop();
}

function lowerJump(l: Lowering, { jump, value, span }: Jump): void {
  if (jump === 'return') {
    if (value !== undefined && l.result !== undefined) l.b.move(l.result, l.scalar(value));
    l.b.jump(l.exit);
    return;
  }
  const loop = l.loops.at(-1);
  if (loop === undefined) return refuse(span, `${jump} here`);
  l.b.jump(jump === 'break' ? loop.breakTo : loop.continueTo);
}
