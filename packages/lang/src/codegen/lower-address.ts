/** `&$x` and `&@m`: where a variable or a map is, as a number that pointers can be made of. */
import { invariant } from '@bpfleet/bpf/asm';
import type { Unary } from '../syntax/ast.ts';
import { fixedElement } from './lower-map.ts';
import type { Lowering } from './lowering.ts';
import { scalar, type Value } from './value.ts';

/** A variable whose address is taken lives in scratch; `placeVariables` sees to that. */
export function lowerAddress(l: Lowering, { operand }: Unary): Value {
  if (operand.kind === 'map') {
    const layout = l.session.map(operand.name);
    return scalar(asNumber(l, fixedElement(l, layout) ?? l.b.mapPointer(layout.spec.name)));
  }
  invariant(operand.kind === 'variable', 'lower: only variables and maps have addresses');
  const home = l.variables.get(operand.name);
  invariant(
    home !== undefined && home.kind !== 'register',
    `lower: $${operand.name} has no address`,
  );
  return scalar(asNumber(l, l.b.addressOf(home.address)));
}

/** To the verifier a pointer to our own memory is more than a number, and it allows less; through memory it forgets that. */
export function asNumber(l: Lowering, pointer: number): number {
  const word = l.scratch.take(8);
  l.b.store(8, word, pointer);
  return l.b.load(8, word);
}
