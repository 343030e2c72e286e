/** How deep a tree is, found without recursion. */
import type { AnyNode } from './ast.ts';
import { children } from './visit.ts';

/** A node that more than `limit` others hold, one inside the other; undefined if there is none. */
export function deeperThan(tree: AnyNode, limit: number): AnyNode | undefined {
  let level: readonly AnyNode[] = [tree];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return level[0];
    level = level.flatMap(children);
  }
  return undefined;
}
