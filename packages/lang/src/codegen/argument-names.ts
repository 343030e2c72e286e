/**
 * What the arguments of an event are called as columns: `comm`, of `args.ret` its last member, `x` of `$x`, `start` of
 * `@start[tid]`, of a call and of what has one named part the name of that, and by their place what has no name: `arg2`.
 */
import { RESERVED_NAMES } from '@bpfleet/protocol';
import type { Expression, TypeName } from '../syntax/ast.ts';

const MAX_NAME_CHARACTERS = 48;

/** One for each, none of them twice. */
export function argumentNames(values: readonly (Expression | TypeName)[]): readonly string[] {
  const taken = new Set(RESERVED_NAMES);
  return values.map((value, index) => {
    const name = columnName(nameOf(value)) ?? `arg${index + 1}`;
    let unique = name;
    for (let count = 2; taken.has(unique); count += 1) unique = `${name}_${count}`;
    taken.add(unique);
    return unique;
  });
}

/** Letters of C, and not more of them than a table can show. */
function columnName(name: string | undefined): string | undefined {
  const column = name?.toLowerCase().slice(0, MAX_NAME_CHARACTERS);
  return column !== undefined && /^[a-z_][a-z0-9_]*$/.test(column) ? column : undefined;
}

function nameOf(node: Expression | TypeName): string | undefined {
  switch (node.kind) {
    case 'identifier':
    case 'variable':
      return node.name;
    case 'map':
      return node.name === '@' ? 'value' : node.name.slice(1);
    case 'field':
      return node.field;
    case 'tuple-access': {
      const object = nameOf(node.object);
      return object === undefined ? undefined : `${object}_${node.index}`;
    }
    case 'index':
      return nameOf(node.object);
    case 'cast':
    case 'unary':
      return nameOf(node.operand);
    case 'increment':
      return nameOf(node.target);
    case 'binary': {
      const [left, right] = [nameOf(node.left), nameOf(node.right)];
      return left === undefined || right === undefined ? (left ?? right) : undefined;
    }
    case 'call':
      return node.arguments.map(nameOf).find((name) => name !== undefined) ?? node.callee;
    // A builtin that analysis has put a literal for is still written as a word.
    case 'string':
    case 'integer':
    case 'boolean':
      return /^[A-Za-z_]\w*$/.exec(
        node.span.source.text.slice(node.span.start, node.span.end),
      )?.[0];
    case 'positional':
    case 'positional-count':
    case 'ternary':
    case 'if':
    case 'block-expression':
    case 'tuple':
    case 'record':
    case 'sizeof':
    case 'offsetof':
    case 'typeof':
    case 'typeinfo':
    case 'comptime':
    case 'type-name':
      return undefined;
  }
}
