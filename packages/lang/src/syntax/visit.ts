/** Walking and rewriting syntax trees. Both go by the shape of the data, so a new node kind needs no line here. */
import type { AnyNode } from './ast.ts';

/** The nodes directly below a node, in source order. */
export function children(node: AnyNode): readonly AnyNode[] {
  const found: AnyNode[] = [];
  collect(node, found);
  return found;
}

function collect(parent: object, found: AnyNode[]): void {
  if (Array.isArray(parent)) {
    for (const value of parent as readonly unknown[]) {
      if (typeof value === 'object' && value !== null) gather(value, found);
    }
    return;
  }
  const fields = parent as Readonly<Record<string, unknown>>;
  // Trees are walked dozens of times: this makes no list of entries.
  for (const key in fields) {
    const value = fields[key];
    if (typeof value === 'object' && value !== null && !isSpanKey(key)) gather(value, found);
  }
}

function gather(value: object, found: AnyNode[]): void {
  if (isNode(value)) found.push(value);
  else collect(value, found);
}

function isSpanKey(key: string): boolean {
  return key === 'span' || key.endsWith('Span');
}

export interface Visitor {
  /** Before the children; `false` leaves them out. */
  readonly enter?: (node: AnyNode) => boolean | void;
  /** After the children. */
  readonly leave?: (node: AnyNode) => void;
}

/** Visits a node and all below it, depth first. */
export function walk(node: AnyNode, visitor: Visitor): void {
  if (visitor.enter?.(node) !== false) {
    for (const child of children(node)) walk(child, visitor);
  }
  visitor.leave?.(node);
}

/**
 * Rewrites a tree from the leaves up: `change` sees each node with its children already rewritten, and returns what
 * takes its place. It must return a node that may stand there, a statement for a statement for instance. Parts without a
 * change are shared with the old tree.
 */
export function rewrite<Tree extends AnyNode>(
  tree: Tree,
  change: (node: AnyNode) => AnyNode,
): Tree {
  return rewriteValue(tree, change) as Tree;
}

/** Rewrites what is directly below a node, in source order; `change` decides whether to go further down. */
export function rewriteChildren<Tree extends AnyNode>(
  tree: Tree,
  change: (node: AnyNode) => AnyNode,
): Tree {
  return rewriteFields(tree, (value) => descend(value, change)) as Tree;
}

function descend(value: unknown, change: (node: AnyNode) => AnyNode): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isNode(value)) return change(value);
  const inner = (element: unknown): unknown => descend(element, change);
  return Array.isArray(value) ? rewriteElements(value, inner) : rewriteFields(value, inner);
}

function rewriteValue(value: unknown, change: (node: AnyNode) => AnyNode): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const inner = (element: unknown): unknown => rewriteValue(element, change);
  const rewritten = Array.isArray(value)
    ? rewriteElements(value, inner)
    : rewriteFields(value, inner);
  return isNode(rewritten) ? change(rewritten) : rewritten;
}

function rewriteElements(
  elements: readonly unknown[],
  change: (element: unknown) => unknown,
): readonly unknown[] {
  let rewritten: unknown[] | undefined;
  for (const [index, element] of elements.entries()) {
    const changed = change(element);
    if (rewritten === undefined && changed !== element) rewritten = elements.slice(0, index);
    rewritten?.push(changed);
  }
  return rewritten ?? elements;
}

function rewriteFields(parent: object, change: (field: unknown) => unknown): object {
  const fields = parent as Readonly<Record<string, unknown>>;
  let changed: Record<string, unknown> | undefined;
  for (const key in fields) {
    const value = fields[key];
    if (typeof value !== 'object' || value === null || isSpanKey(key)) continue;
    const rewritten = change(value);
    if (rewritten !== value) (changed ??= { ...fields })[key] = rewritten;
  }
  return changed ?? parent;
}

/** Nodes have a kind and a span; derivations have no span, and fields of records no kind. */
function isNode(value: object): value is AnyNode {
  return 'kind' in value && 'span' in value;
}
