/** `sizeof(expression)` and `offsetof(expression, member)` become literals once types are known. Their own type is uint64 all along, so no other type changes. */
import type { AnyNode } from '../syntax/ast.ts';
import { rewrite } from '../syntax/visit.ts';
import type { BoundProbe } from './bind-probes.ts';
import { sizeLiteral } from './fold-constants.ts';
import type { TypedProgram } from './infer-types.ts';

/** The bodies with sizes filled in, or undefined if they have none. The new bodies need types of their own. */
export function foldSizes({ probes, types }: TypedProgram): readonly BoundProbe[] | undefined {
  const folded = probes.map(({ bound }) => ({
    ...bound,
    body: rewrite(bound.body, (node): AnyNode => {
      if (node.kind !== 'sizeof' && node.kind !== 'offsetof') return node;
      const type = node.argument.kind === 'type-name' ? undefined : types.get(node.argument);
      return type === undefined ? node : (sizeLiteral(node, type) ?? node);
    }),
  }));
  const changed = folded.some(({ body }, index) => body !== probes[index]?.bound.body);
  return changed ? folded : undefined;
}
