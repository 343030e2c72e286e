/** Whether the compiler itself knows a name with so many arguments. */
import { findAggregation } from './aggregations.ts';
import { CONSTANT_CALLS, findCall } from './calls.ts';
import { CONSTANT_VARIABLES, findVariable } from './variables.ts';

export function isNativeCall(name: string, count: number): boolean {
  const plain = name.replace(/^__builtin_/, '');
  const variable =
    findVariable(plain) !== undefined || CONSTANT_VARIABLES.some((constant) => constant === plain);
  if (variable && count === 0) return true;
  if (CONSTANT_CALLS.has(plain)) return true;
  const kind = findCall(plain) ?? findAggregation(plain);
  return kind !== undefined && count >= kind.arity[0] && count <= kind.arity[1];
}
