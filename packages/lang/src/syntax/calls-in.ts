/** All calls that are written in a part of a program, those in arguments of others too. */
import type { AnyNode, Call } from './ast.ts';
import { walk } from './visit.ts';

/** In the order of the text. */
export function callsIn(body: AnyNode): readonly Call[] {
  const found: Call[] = [];
  walk(body, {
    enter: (node) => {
      if (node.kind === 'call') found.push(node);
    },
  });
  return found;
}
