/** Copies of trees that are put to use somewhere else than where they were written. */
import { Source, type Span } from '../source.ts';
import type { AnyNode } from '../syntax/ast.ts';

/** Fresh nodes throughout, each with a span that tells where it was expanded from. */
export function withOrigin<Tree extends AnyNode>(tree: Tree, origin: Span): Tree {
  return copy(tree, origin) as Tree;
}

function copy(value: unknown, origin: Span): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((element) => copy(element, origin));
  if (isSpan(value)) return { ...value, expandedFrom: origin };
  const fields = { ...value } as Record<string, unknown>;
  for (const key in fields) {
    const field = fields[key];
    if (typeof field === 'object' && field !== null) fields[key] = copy(field, origin);
  }
  return fields;
}

function isSpan(value: object): value is Span {
  return 'source' in value && value.source instanceof Source;
}
