/** `len()`: how many elements a map has, or frames a stack. */
import type { Call } from '../syntax/ast.ts';
import { KERNEL_MAPS } from '../session-spec.ts';
import type { Operand } from './ir.ts';
import { mapArgument } from './lower-map.ts';
import { argument } from './lower-string.ts';
import { inMemory } from './materialise.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { inScope, pointing, takeMemory } from './memory.ts';

export function lowerLength(l: Lowering, call: Call): Operand {
  const value = argument(call, 0);
  if (value.kind === 'map' && value.key === undefined && isKeyed(l, value.name)) {
    return countElements(l, value.name);
  }
  const id = typeOf(l, value).kind === 'kstack' ? l.scalar(value) : l.b.load(8, inMemory(l, value));
  return inScope(l, () => countFrames(l, id));
}

function isKeyed(l: Lowering, map: string): boolean {
  return l.session.map(map).plan.key !== undefined;
}

/** The helper that goes through a map says how far it came. */
function countElements(l: Lowering, map: string): Operand {
  const name = l.b.label('count');
  const b = l.b.beside({ arguments: 4 });
  l.b.addFunction(
    name,
    b.finish(() => {
      b.return(0n);
    }),
  );
  const callback = { kind: 'function', function: name } as const;
  return l.b.call('for_each_map_elem', mapArgument(l.session.map(map)), callback, 0n, 0n);
}

/** The record of a stack begins with their number; there is none for the empty stack. */
function countFrames(l: Lowering, id: Operand): Operand {
  const key = takeMemory(l, 8);
  l.b.store(8, key, id);
  const record = l.b.call('map_lookup_elem', { kind: 'map', map: KERNEL_MAPS.stacks }, key);
  const count = l.b.copy(0n);
  const none = l.b.label('no_stack');
  l.b.branch('eq', record, 0n, none);
  l.b.move(count, l.b.load(8, pointing(record)));
  l.b.place(none);
  return count;
}
