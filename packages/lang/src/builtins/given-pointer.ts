/** Pointers that the kernel takes back from a program: those that it gave to it, as their types are known. */
import type { Expression, TypeName } from '../syntax/ast.ts';

/**
 * False of what certainly is none: read from memory or from a map, or made of a number other than 0. A variable may hold
 * one.
 */
export function mayBeGiven(pointer: Expression | TypeName | undefined): boolean {
  switch (pointer?.kind) {
    case 'cast':
      return mayBeGiven(pointer.operand);
    case 'field':
      return pointer.object.kind === 'identifier' && pointer.object.name === 'args';
    case 'identifier':
    case 'variable':
      return true;
    case 'integer':
      return pointer.value === 0n;
    default:
      return false;
  }
}
