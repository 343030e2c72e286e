/** Positional parameters become literals: numbers where they read as numbers, text otherwise and in `str($1)`. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { missingParameter } from '../diagnostics/messages/constants.ts';
import type { AnyNode, Expression, PositionalParameter, Program } from '../syntax/ast.ts';
import { decodeInteger } from '../syntax/decode-integer.ts';
import { rewrite, walk } from '../syntax/visit.ts';

/** Attach points keep theirs: they are spliced where the text is taken apart. */
export function spliceParameters(
  program: Program,
  parameters: readonly string[],
  diagnostics: Diagnostics,
): Program {
  const asText = parametersInStr(program);
  return rewrite(program, (node) => {
    if (node.kind === 'positional-count') {
      return {
        kind: 'integer',
        span: node.span,
        value: BigInt(parameters.length),
        suffix: undefined,
      };
    }
    if (node.kind !== 'positional') return node;
    const given = parameters[node.index - 1];
    if (asText.has(node)) return text(node, given ?? '');
    if (given === undefined) diagnostics.add(missingParameter(node.span, node.index));
    return literal(node, given);
  });
}

function parametersInStr(program: Program): ReadonlySet<AnyNode> {
  const found = new Set<AnyNode>();
  walk(program, {
    enter: (node) => {
      if (node.kind !== 'call' || node.callee !== 'str') return;
      const [first] = node.arguments;
      if (first?.kind === 'positional') found.add(first);
      // `str($1 + 2)` leaves out two characters.
      if (first?.kind === 'binary' && first.operator === '+') found.add(first.left);
    },
  });
  return found;
}

function literal(node: PositionalParameter, given: string | undefined): Expression {
  if (given === undefined) return number(node, 0n);
  const digits = given.startsWith('-') ? given.slice(1) : given;
  const decoded = /^[0-9]/.test(digits) ? decodeInteger(digits) : undefined;
  if (decoded === undefined || 'fault' in decoded) return text(node, given);
  return number(node, digits === given ? decoded.value : -decoded.value);
}

function number({ span }: PositionalParameter, value: bigint): Expression {
  return { kind: 'integer', span, value, suffix: undefined };
}

function text({ span }: PositionalParameter, value: string): Expression {
  return { kind: 'string', span, value };
}
