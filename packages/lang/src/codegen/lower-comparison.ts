/** `==` and `!=` of strings and of tuples, word by word. */
import type { Expression } from '../syntax/ast.ts';
import { encodeText } from '@bpfleet/protocol';
import { promote } from '../types/promote.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Address } from './ir.ts';
import { inMemory, materialise } from './materialise.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { at, chunks, inScope } from './memory.ts';
import { strPrefix } from './lower-string.ts';
import { forEachWordPair } from './word-pairs.ts';

/** More words than this are compared in a loop. */
const MAX_UNROLLED_WORDS = 16;

/** Goes to `target` if the strings' equality is `wanted`. */
export function compareStrings(
  l: Lowering,
  left: Expression,
  right: Expression,
  wanted: boolean,
  target: string,
): void {
  if (left.kind === 'string' && right.kind === 'string') {
    if ((left.value === right.value) === wanted) l.b.jump(target);
    return;
  }
  if (left.kind === 'string') {
    compareStrings(l, right, left, wanted, target);
    return;
  }
  const different = l.b.label('different');
  inScope(l, () => {
    if (right.kind === 'string') {
      compareLiteral(l, left, encodeText(right.value), wanted ? different : target);
      return;
    }
    const first = inMemory(l, left);
    const second = inMemory(l, right);
    const [firstSize, secondSize] = [sizeOfType(typeOf(l, left)), sizeOfType(typeOf(l, right))];
    const common = Math.min(firstSize, secondSize);
    const unequal = wanted ? different : target;
    compareWords(l, first, second, common, unequal);
    // Text that fills its array ends where the array does.
    const longer = firstSize > secondSize ? first : second;
    const shorter = typeOf(l, firstSize > secondSize ? right : left);
    if (firstSize !== secondSize && shorter.kind === 'string' && shorter.array === true) {
      l.b.branch('ne', l.b.load(1, at(longer, common)), 0n, unequal);
    }
  });
  if (wanted) l.b.jump(target);
  l.b.place(different);
}

/** Goes to `different` unless the string is the literal; else on. */
function compareLiteral(
  l: Lowering,
  expression: Expression,
  literal: Uint8Array,
  different: string,
): void {
  const type = typeOf(l, expression);
  const size = sizeOfType(type);
  const fills = literal.length === size && type.kind === 'string' && type.array === true;
  const withNul = new Uint8Array(literal.length + (fills ? 0 : 1));
  withNul.set(literal);
  if (withNul.length > size) {
    l.b.jump(different);
    return;
  }
  // Of `str(p)` no more is read than tells the two apart.
  const address = strPrefix(l, expression, withNul.length + 1) ?? inMemory(l, expression);
  const view = new DataView(withNul.buffer);
  for (const chunk of chunks(withNul.length, [address])) {
    let expected = 0n;
    for (let index = chunk.size - 1; index >= 0; index--) {
      expected = (expected << 8n) | BigInt(view.getUint8(chunk.offset + index));
    }
    l.b.branch('ne', l.b.load(chunk.size, at(address, chunk.offset)), expected, different);
  }
}

/** Goes to `target` if the equality of two tuples or the like is `wanted`. */
export function compareObjects(
  l: Lowering,
  left: Expression,
  right: Expression,
  wanted: boolean,
  target: string,
): void {
  const type = promote(typeOf(l, left), typeOf(l, right)) ?? typeOf(l, left);
  const different = l.b.label('different');
  inScope(l, () => {
    const first = materialise(l, left, type).address;
    const second = materialise(l, right, type).address;
    compareWords(l, first, second, sizeOfType(type), wanted ? different : target);
  });
  if (wanted) l.b.jump(target);
  l.b.place(different);
}

/** Goes to `different` unless the bytes are the same; else on. */
function compareWords(
  l: Lowering,
  first: Address,
  second: Address,
  sizeBytes: number,
  different: string,
): void {
  const pieces = chunks(sizeBytes, [first, second]);
  const words = pieces.filter(({ size }) => size === 8);
  const aligned = pieces[0]?.size === 8;
  const looped = aligned && words.length > MAX_UNROLLED_WORDS ? words.length : 0;
  if (looped > 0) compareInLoop(l, first, second, looped, different);
  for (const { offset, size } of pieces.slice(looped)) {
    const left = l.b.load(size, at(first, offset));
    l.b.branch('ne', left, l.b.load(size, at(second, offset)), different);
  }
}

function compareInLoop(
  l: Lowering,
  first: Address,
  second: Address,
  words: number,
  different: string,
): void {
  forEachWordPair(l, [first, second], words, {
    name: 'equal',
    carried: [0n],
    pair: (b, [left, right], [difference = 0]) => {
      b.apply('xor', left, right);
      b.apply('or', difference, left);
    },
    leave: [{ carried: 0, comparison: 'ne', target: different }],
  });
}
