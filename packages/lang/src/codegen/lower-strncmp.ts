/** `strncmp(a, b, n)`: 0 where the first n bytes are the same, up to a NUL in both. */
import type { Call } from '../syntax/ast.ts';
import { sizeOfType } from '../types/layout.ts';
import { refuse } from './codegen-fault.ts';
import type { Address, Operand } from './ir.ts';
import { inMemory } from './materialise.ts';
import { argument } from './lower-string.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { at, chunks, inScope } from './memory.ts';
import { forEachWordPair } from './word-pairs.ts';

/** More bytes than this are compared in a loop. */
const MAX_UNROLLED_BYTES = 32;

const EACH_LOWEST_BIT = 0x0101_0101_0101_0101n;
const EACH_HIGHEST_BIT = 0x8080_8080_8080_8080n;

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
    const looped = loopedBytes(first, second, count);
    if (looped > 0) compareWords(l, [first, second], looped / 8, { different, done });
    for (let index = looped; index < count; index++) {
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

function loopedBytes(first: Address, second: Address, count: number): number {
  if (count <= MAX_UNROLLED_BYTES) return 0;
  return 8 * chunks(count, [first, second]).filter(({ size }) => size === 8).length;
}

/** Memory behind a NUL may hold anything. */
function compareWords(
  l: Lowering,
  texts: readonly [Address, Address],
  words: number,
  { different, done }: { readonly different: string; readonly done: string },
): void {
  forEachWordPair(l, texts, words, {
    name: 'equal_text',
    // The difference so far, and all ones until the word with the NUL.
    carried: [0n, -1n],
    pair: (b, [left, right], [difference = 0, alive = 0]) => {
      b.apply('xor', right, left);
      b.apply('and', right, alive);
      // The highest bit of each byte that is 0; above the first of them there may be more.
      const ends = b.arithmetic('sub', left, EACH_LOWEST_BIT);
      b.apply('xor', left, -1n);
      b.apply('and', ends, left);
      b.apply('and', ends, EACH_HIGHEST_BIT);
      // The lowest bit that is set, so that all bits up to the end of the first NUL stay, or all if there is none.
      const negated = b.arithmetic('sub', 0n, ends);
      const upToNul = b.arithmetic('and', ends, negated);
      b.apply('lsh', upToNul, 1n);
      b.apply('sub', upToNul, 1n);
      b.apply('and', right, upToNul);
      b.apply('or', difference, right);
      b.apply('or', ends, negated);
      b.apply('arsh', ends, 63n);
      b.apply('xor', ends, -1n);
      b.apply('and', alive, ends);
    },
    leave: [
      { carried: 0, comparison: 'ne', target: different },
      { carried: 1, comparison: 'eq', target: done },
    ],
  });
}
