/** `strncmp(a, b, n)`: 0 where the first n bytes are the same, up to a NUL in both. */
import type { Call } from '../syntax/ast.ts';
import { sizeOfType } from '../types/layout.ts';
import { refuse } from './codegen-fault.ts';
import type { Address, Operand } from './ir.ts';
import { inMemory } from './materialise.ts';
import { argument } from './lower-string.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { at, chunks, inScope, pointing } from './memory.ts';

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
    if (looped > 0) compareWords(l, first, second, looped, { different, done });
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

/** Eight bytes a turn. Memory behind a NUL may hold anything. */
function compareWords(
  l: Lowering,
  first: Address,
  second: Address,
  sizeBytes: number,
  { different, done }: { readonly different: string; readonly done: string },
): void {
  const { b } = l;
  const left = b.copy(b.addressOf(first));
  const right = b.copy(b.addressOf(second));
  const rest = b.copy(BigInt(sizeBytes));
  const [again, last] = [b.label('compare'), b.label('last_word')];
  const ends = b.register();
  const difference = b.register();
  b.place(again);
  const word = b.load(8, pointing(left));
  b.move(difference, word);
  b.apply('xor', difference, b.load(8, pointing(right)));
  // The highest bit of each byte that is 0; above the first of them there may be more.
  b.move(ends, word);
  b.apply('sub', ends, EACH_LOWEST_BIT);
  b.apply('xor', word, -1n);
  b.apply('and', ends, word);
  b.apply('and', ends, EACH_HIGHEST_BIT);
  b.branch('ne', ends, 0n, last);
  b.branch('ne', difference, 0n, different);
  b.apply('add', left, 8n);
  b.apply('add', right, 8n);
  b.apply('sub', rest, 8n);
  b.branch('ne', rest, 0n, again);
  const goingOn = b.label('going_on');
  b.jump(goingOn);
  b.place(last);
  // All bits up to the end of the first NUL.
  const upToNul = b.arithmetic('sub', 0n, ends);
  b.apply('and', upToNul, ends);
  b.apply('lsh', upToNul, 1n);
  b.apply('sub', upToNul, 1n);
  b.apply('and', difference, upToNul);
  b.branch('ne', difference, 0n, different);
  b.jump(done);
  b.place(goingOn);
}
