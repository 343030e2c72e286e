/**
 * Text of a C++ type or name in two parts, with what it declares between them, as C writes pointers to functions. What
 * refers to a parameter pack has one such text for each element of the pack, until the pack is expanded.
 */

export interface Declarator {
  readonly left: string;
  readonly right: string;
  /** Pointers to functions and arrays need parentheses. */
  readonly shape: 'plain' | 'function' | 'array';
  /** Reference to what, for references to references. */
  readonly reference?: { readonly sign: '&' | '&&'; readonly of: Declarator };
  /** An expression that is no name: an operand in parentheses. */
  readonly compound?: boolean;
}

export interface Pack {
  readonly elements: readonly Declarator[];
  /** Its elements are to be listed. */
  readonly expanded: boolean;
}

export type Value = Declarator | Pack;

export function plain(text: string): Declarator {
  return { left: text, right: '', shape: 'plain' };
}

export function isPack(value: Value): value is Pack {
  return 'elements' in value;
}

export function textOf({ left, right }: Declarator): string {
  return left + right;
}

/** Makes one of several, for each element of the packs among them. */
export function lift(
  values: readonly Value[],
  make: (...parts: readonly Declarator[]) => Declarator,
): Value {
  return liftAll(values, (parts) => make(...parts));
}

/** A list with commas, of expanded packs all elements. */
export function listed(values: readonly Value[], around: (list: string) => string): Value {
  const flat = values.flatMap((one): readonly Value[] =>
    isPack(one) && one.expanded ? one.elements : [one],
  );
  return liftAll(flat, (parts) => plain(around(parts.map(textOf).join(', '))));
}

function liftAll(
  values: readonly Value[],
  make: (parts: readonly Declarator[]) => Declarator,
): Value {
  const packs = values.filter(isPack);
  if (packs.length === 0) return make(values.flatMap((one) => (isPack(one) ? [] : [one])));
  const count = packs.reduce(fewest, Infinity);
  const elements = Array.from({ length: count }, (_, index) =>
    make(values.map((one) => (isPack(one) ? (one.elements[index] ?? plain('')) : one))),
  );
  return { elements, expanded: false };
}

function fewest(least: number, { elements }: Pack): number {
  return Math.min(least, elements.length);
}

export function pointer(value: Value, sign: string): Value {
  return lift([value], (of) => declared(of, sign));
}

export function reference(value: Value, sign: '&' | '&&'): Value {
  return lift([value], (of) => {
    const inner = of.reference;
    if (inner === undefined) return { ...declared(of, sign), reference: { sign, of } };
    const collapsed = sign === '&' ? '&' : inner.sign;
    return {
      ...declared(inner.of, collapsed),
      reference: { sign: collapsed, of: inner.of },
    };
  });
}

export function memberPointer(owner: Value, member: Value): Value {
  return lift([owner, member], (of = plain(''), type = plain('')) =>
    declared(type, `${type.shape === 'plain' ? ' ' : ''}${textOf(of)}::*`),
  );
}

export function arrayOf(size: Value, element: Value): Value {
  return lift([size, element], (count = plain(''), { left, right } = plain('')) => ({
    left,
    right: ` [${textOf(count)}]${right.replace(/^ \[/, '[')}`,
    shape: 'array',
  }));
}

/** A word after a type, once. */
export function qualified(value: Value, word: string): Value {
  return lift([value], (of) => {
    if (of.reference !== undefined) return of;
    if (of.shape !== 'plain') {
      return of.shape === 'array' ? { ...of, left: `${of.left} ${word}` } : of;
    }
    return of.left.endsWith(` ${word}`) ? of : { ...of, left: `${of.left} ${word}` };
  });
}

function declared({ left, right, shape }: Declarator, sign: string): Declarator {
  if (shape === 'plain') return { left: left + sign, right, shape: 'plain' };
  const space = shape === 'array' ? ' ' : '';
  return { left: `${left}${space}(${sign}`, right: `)${right}`, shape: 'plain' };
}
