/** Literals that take the sign of what they meet, so that `nsecs > 5` compares unsigned and `retval < 5` signed. */
import type { Expression } from '../syntax/ast.ts';

export function isSignFlexible(expression: Expression): boolean {
  return (
    expression.kind === 'integer' &&
    expression.enumerator === undefined &&
    expression.value >= 0n &&
    expression.value <= 0x7fff_ffff_ffff_ffffn
  );
}
