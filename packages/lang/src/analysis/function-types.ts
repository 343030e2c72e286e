/** What functions of the program take and give, and calls of them. */
import { wrongArgumentCount } from '../diagnostics/messages/calls.ts';
import { wrongFunctionArgument } from '../diagnostics/messages/functions.ts';
import type { Block, Call, Expression, Statement } from '../syntax/ast.ts';
import { printType } from '../types/print-type.ts';
import type { Type } from '../types/type.ts';
import type { Signature } from './signature.ts';
import type { TypingContext } from './typing-context.ts';
import { takes } from './variable-types.ts';

export function functionCallType(
  node: Call,
  { parameters, returns }: Signature,
  context: TypingContext,
  typeOf: (expression: Expression) => Type | undefined,
): Type | undefined {
  const { report } = context;
  const given = node.arguments.map((argument) =>
    argument.kind === 'type-name' ? undefined : typeOf(argument),
  );
  const count = parameters.length;
  if (given.length !== count) {
    report(wrongArgumentCount(node.span, node.callee, [count, count], given.length));
    return returns;
  }
  parameters.forEach(({ name, type }, index) => {
    const argument = node.arguments[index];
    const own = given[index];
    if (argument === undefined || argument.kind === 'type-name') return;
    if (type === undefined || own === undefined || takes(type, argument, own)) return;
    report(
      wrongFunctionArgument(argument.span, node.callee, name, printType(type), printType(own)),
    );
  });
  return returns;
}

/** Whether a value of this type can be handed over by value. */
export function isPassable({ kind }: Type): boolean {
  switch (kind) {
    case 'integer':
    case 'boolean':
    case 'pointer':
    case 'enum':
    case 'string':
    case 'buffer':
    case 'array':
    case 'struct':
    case 'tuple':
    case 'record':
    case 'inet':
    case 'mac':
    case 'username':
    case 'container':
    case 'pod':
    case 'namespace':
    case 'ksym':
    case 'usym':
    case 'cgroup-path':
    case 'kstack':
    case 'ustack':
      return true;
    default:
      return false;
  }
}

/** Whether all ways through a block end in a `return`. */
export function alwaysReturns({ statements }: Block): boolean {
  return statements.some(returns);
}

function returns(statement: Statement): boolean {
  switch (statement.kind) {
    case 'jump':
      return statement.jump === 'return';
    case 'block':
      return alwaysReturns(statement);
    case 'expression-statement':
      return choiceReturns(statement.expression);
    default:
      return false;
  }
}

function choiceReturns(expression: Expression): boolean {
  if (expression.kind === 'block-expression') return alwaysReturns(expression.block);
  if (expression.kind !== 'if') return false;
  const { then, otherwise } = expression;
  if (otherwise === undefined || !alwaysReturns(then)) return false;
  return otherwise.kind === 'if' ? choiceReturns(otherwise) : alwaysReturns(otherwise);
}
