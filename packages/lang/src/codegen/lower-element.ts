/** Elements of arrays, strings and tuples, and of what pointers point to. */
import type { IndexAccess } from '../syntax/ast.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Type } from '../types/type.ts';
import type { VirtualRegister } from './ir.ts';
import { locate, locatedAt, lowerMember, readLocated } from './lower-access.ts';
import type { Located } from './lower-access.ts';
import { sendRuntimeError } from './lower-faults.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { pointing } from './memory.ts';
import { memorySpace, type Value } from './value.ts';

const OUT_OF_BOUNDS = 'Array access out of bounds. This can lead to unexpected results.';

export function lowerElement(l: Lowering, expression: IndexAccess): Value {
  const container = typeOf(l, expression.object);
  const type = typeOf(l, expression);
  if (container.kind === 'tuple' && expression.index.kind === 'integer') {
    return lowerMember(l, expression.object, `${expression.index.value}`, container);
  }
  const located = locate(l, expression.object);
  const size = sizeOfType(type);
  const index = l.scalar(expression.index);
  if (typeof index === 'bigint') {
    return readLocated(l, locatedAt(located, Number(index) * size), type);
  }
  const checked = checkIndex(l, index, lengthOf(container), located, expression);
  return readLocated(l, elementAt(l, located, checked, size), type);
}

/** Undefined for what has no known length. */
function lengthOf(type: Type): number | undefined {
  const length = type.kind === 'array' ? type.length : type.kind === 'string' ? type.size : 0;
  return length === 0 ? undefined : length;
}

/**
 * Reports an index beyond the end. Memory of others is read there all the same, as the warning says; in the program's own,
 * which the verifier guards, the first element stands in.
 */
function checkIndex(
  l: Lowering,
  index: VirtualRegister,
  length: number | undefined,
  located: Located,
  { span }: IndexAccess,
): VirtualRegister {
  if (length === undefined) return index;
  const checked = l.b.copy(index);
  const inside = l.b.label('inside');
  l.b.branch('lt', checked, BigInt(length), inside);
  sendRuntimeError(l, OUT_OF_BOUNDS, span);
  if (located.kind === 'memory') l.b.move(checked, 0n);
  l.b.place(inside);
  return checked;
}

function elementAt(l: Lowering, located: Located, index: VirtualRegister, size: number): Located {
  const base = l.b.arithmetic('mul', index, BigInt(size));
  if (located.kind === 'memory') {
    // The verifier takes the sum for a place in the main program's frame if the address is added to the number.
    const element = l.b.arithmetic('add', l.b.addressOf(located.address), base);
    return { kind: 'memory', address: pointing(element) };
  }
  const { place } = located;
  l.b.apply('add', base, place.base);
  // Arithmetic with a variable leaves the context: it is read like other kernel memory.
  const space = memorySpace(place);
  return { kind: 'remote', place: { space, base, offset: place.offset } };
}
