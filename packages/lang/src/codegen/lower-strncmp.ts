/** `strncmp(a, b, n)`: 0 where the first n bytes are the same, up to a NUL in both. */
import type { Call } from '../syntax/ast.ts';
import { sizeOfType } from '../types/layout.ts';
import { refuse } from './codegen-fault.ts';
import type { Operand } from './ir.ts';
import { inMemory } from './materialise.ts';
import { argument } from './lower-string.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { at, inScope } from './memory.ts';

export function lowerStrncmp(l: Lowering, call: Call): Operand {
  const [left, right, limit] = [0, 1, 2].map((index) => argument(call, index));
  if (left === undefined || right === undefined || limit?.kind !== 'integer') {
    return refuse(call.span, 'this strncmp()');
  }
  return inScope(l, () => {
    const sizes = [left, right].map((text) => sizeOfType(typeOf(l, text)));
    const count = Math.min(Number(limit.value), ...sizes);
    const result = l.b.copy(0n);
    const done = l.b.label('compared');
    const different = l.b.label('different');
    const first = inMemory(l, left);
    const second = inMemory(l, right);
    for (let index = 0; index < count; index++) {
      const byte = l.b.load(1, at(first, index));
      l.b.branch('ne', byte, l.b.load(1, at(second, index)), different);
      l.b.branch('eq', byte, 0n, done);
    }
    l.b.jump(done);
    l.b.place(different);
    l.b.move(result, 1n);
    l.b.place(done);
    return result;
  });
}
