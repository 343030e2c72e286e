/**
 * Other ways to write the same: older names, builtins called without arguments, and keys passed beside their map. What is
 * left after this pass has one spelling each.
 */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { deprecatedName } from '../diagnostics/messages/names.ts';
import { findAggregation } from '../builtins/aggregations.ts';
import { CONSTANT_VARIABLES, findVariable } from '../builtins/variables.ts';
import { join } from '../source.ts';
import type {
  AnyNode,
  Assignment,
  Block,
  Call,
  Expression,
  Identifier,
  Program,
} from '../syntax/ast.ts';
import { rewrite } from '../syntax/visit.ts';

/** Names of 2018. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['stack', 'kstack'],
  ['name', 'probe'],
]);

/** Functions whose key stands beside the map, with so many arguments: `delete(@m, k)` is `delete(@m[k])`. */
const ELEMENT_CALLS: ReadonlyMap<string, number> = new Map([
  ['delete', 2],
  ['has_key', 2],
  ['find', 3],
]);

/** `defined` tells the enumerators of the program's own C, which keep their names. */
export function desugar(
  program: Program,
  defined: (name: string) => boolean,
  diagnostics: Diagnostics,
): Program {
  const warned = new Set<string>();
  const own = new Set<string>();
  for (const item of program.items) if (item.kind === 'subprogram') own.add(item.name);
  const rename = (name: string, span: Identifier['span']): string => {
    const current = RENAMED.get(name);
    if (current === undefined) return name.replace(/^__builtin_/, '');
    if (!warned.has(name)) diagnostics.add(deprecatedName(span, name, current));
    warned.add(name);
    return current;
  };
  return rewrite(program, (node): AnyNode => {
    if (node.kind === 'identifier') {
      if (defined(node.name)) return node;
      const name = rename(node.name, node.span);
      return name === node.name ? node : { ...node, name };
    }
    if (node.kind === 'assignment') return desugarAssignment(node);
    // A function of the program has its name to itself.
    if (node.kind !== 'call' || own.has(node.callee)) return node;
    const callee = rename(node.callee, node.calleeSpan);
    return desugarCall(callee === node.callee ? node : { ...node, callee });
  });
}

/** What gives a block's value to a map does so inside the block: `@ = { …; count() }`. */
function desugarAssignment(node: Assignment): Assignment | Block {
  const { target, operator, value } = node;
  if (target.kind !== 'map' || operator !== '=' || value.kind !== 'block-expression') return node;
  const { value: last, ...block } = value.block;
  if (last === undefined || !isAggregation(last)) return node;
  const inner = desugarAssignment({ ...node, value: last });
  return { ...block, statements: [...block.statements, inner], value: undefined };
}

function isAggregation(value: Expression): boolean {
  if (value.kind === 'block-expression') {
    return value.block.value !== undefined && isAggregation(value.block.value);
  }
  return value.kind === 'call' && findAggregation(value.callee) !== undefined;
}

function desugarCall(call: Call): Expression {
  const { callee, span } = call;
  if (call.arguments.length === 0 && isVariableName(callee)) {
    return { kind: 'identifier', span, name: callee };
  }
  const [map, key, ...others] = call.arguments;
  if (ELEMENT_CALLS.get(callee) !== call.arguments.length) return call;
  if (map?.kind !== 'map' || map.key !== undefined) return call;
  if (key === undefined || key.kind === 'type-name') return call;
  return { ...call, arguments: [{ ...map, span: join(map.span, key.span), key }, ...others] };
}

function isVariableName(name: string): boolean {
  return (
    findVariable(name) !== undefined || CONSTANT_VARIABLES.some((constant) => constant === name)
  );
}
