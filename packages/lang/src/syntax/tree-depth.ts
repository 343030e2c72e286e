/** How deep a tree is and how large, found without recursion. */
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

/** The nodes of a tree, itself included; counting stops at the limit. */
export function countNodes(tree: AnyNode, limit: number): number {
  const open = [tree];
  let count = 0;
  for (let node = open.pop(); node !== undefined && count < limit; node = open.pop()) {
    count++;
    open.push(...children(node));
  }
  return count;
}
