/** Two pieces of memory word by word, in blocks: the verifier keeps each branch not taken, and cannot keep very many. */
import type { Address, VirtualRegister } from './ir.ts';
import type { Lowering } from './lowering.ts';
import { pointing } from './memory.ts';

const BLOCK_WORDS = 32;

export interface PairVisitor {
  /** Should not branch; may change both. */
  readonly pair: (left: VirtualRegister, right: VirtualRegister) => void;
  readonly afterBlock: () => void;
}

export function forEachWordPair(
  l: Lowering,
  [first, second]: readonly [Address, Address],
  words: number,
  { pair, afterBlock }: PairVisitor,
): void {
  const { b } = l;
  const left = b.copy(b.addressOf(first));
  const right = b.copy(b.addressOf(second));
  const times = (count: number, write: () => void): void => {
    if (count === 0) return;
    if (count === 1) {
      write();
      return;
    }
    const rest = b.copy(BigInt(count));
    const again = b.label('compare');
    b.place(again);
    write();
    b.apply('sub', rest, 1n);
    b.branch('ne', rest, 0n, again);
  };
  const block = (size: number): void => {
    times(size, () => {
      pair(b.load(8, pointing(left)), b.load(8, pointing(right)));
      b.apply('add', left, 8n);
      b.apply('add', right, 8n);
    });
    if (size > 0) afterBlock();
  };
  times(Math.floor(words / BLOCK_WORDS), () => {
    block(BLOCK_WORDS);
  });
  block(words % BLOCK_WORDS);
}
