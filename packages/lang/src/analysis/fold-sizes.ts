/** `sizeof(expression)` becomes a literal once types are known. Its own type is uint64 all along, so no other type changes. */
import type { AnyNode } from '../syntax/ast.ts';
import { rewrite } from '../syntax/visit.ts';
import { sizeOfType } from '../types/layout.ts';
import type { BoundProbe } from './bind-probes.ts';
import { unsigned64 } from './fold-constants.ts';
import type { TypedProgram } from './infer-types.ts';

/** The bodies with sizes filled in, or undefined if they have none. The new bodies need types of their own. */
export function foldSizes({ probes, types }: TypedProgram): readonly BoundProbe[] | undefined {
  const folded = probes.map(({ bound }) => ({
    ...bound,
    body: rewrite(bound.body, (node): AnyNode => {
      if (node.kind !== 'sizeof' || node.argument.kind === 'type-name') return node;
      const type = types.get(node.argument);
      return type === undefined ? node : unsigned64(node.span, BigInt(sizeOfType(type)));
    }),
  }));
  const changed = folded.some(({ body }, index) => body !== probes[index]?.bound.body);
  return changed ? folded : undefined;
}
