/** What of a program stands around a place in its text. */
import type { AnyNode } from './ast.ts';
import { children } from './visit.ts';

/** From the outermost to the innermost; the span of a probe is its head alone, so all is searched. */
export function enclosing(node: AnyNode, offset: number): readonly AnyNode[] {
  for (const child of children(node)) {
    const within = enclosing(child, offset);
    if (within.length > 0) return [node, ...within];
  }
  return node.span.start <= offset && offset < node.span.end ? [node] : [];
}
