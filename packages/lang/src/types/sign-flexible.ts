/** Literals that take the sign of what they meet, so that `nsecs > 5` compares unsigned and `retval < 5` signed. */
import type { Expression } from '../syntax/ast.ts';

/** Of a tuple or record, for each member by its name; members of a tuple are named `0`, `1` … */
export type Flexibility = boolean | { readonly [member: string]: Flexibility };

export function isSignFlexible(expression: Expression): boolean {
  return (
    expression.kind === 'integer' &&
    expression.enumerator === undefined &&
    expression.value >= 0n &&
    expression.value <= 0x7fff_ffff_ffff_ffffn
  );
}

/** Which integers in the value of an expression stand as literals. */
export function flexibilityOf(expression: Expression): Flexibility {
  switch (expression.kind) {
    case 'tuple':
      return Object.fromEntries(
        expression.elements.map((element, index) => [index, flexibilityOf(element)]),
      );
    case 'record':
      return Object.fromEntries(
        expression.fields.map(({ name, value }) => [name, flexibilityOf(value)]),
      );
    default:
      return isSignFlexible(expression);
  }
}

export function memberFlexibility(flexibility: Flexibility | undefined, name: string): Flexibility {
  return typeof flexibility === 'object' ? (flexibility[name] ?? false) : false;
}

/** What is flexible in both. */
export function commonFlexibility(
  a: Flexibility | undefined,
  b: Flexibility | undefined,
): Flexibility {
  if (typeof a !== 'object' || typeof b !== 'object') return a === true && b === true;
  return Object.fromEntries(
    Object.keys(a).map((name) => [
      name,
      commonFlexibility(memberFlexibility(a, name), memberFlexibility(b, name)),
    ]),
  );
}

export function sameFlexibility(a: Flexibility | undefined, b: Flexibility | undefined): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') {
    return typeof a !== 'object' && typeof b !== 'object' && (a === true) === (b === true);
  }
  return Object.keys(a).every((name) =>
    sameFlexibility(memberFlexibility(a, name), memberFlexibility(b, name)),
  );
}
