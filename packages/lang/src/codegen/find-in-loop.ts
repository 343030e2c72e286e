/**
 * Search for text in a plain loop, which the verifier walks once for each pair of positions: for little text, and for
 * kernels without `bpf_loop`. Each position is compared without branches, because the verifier keeps every branch not
 * taken until the end.
 */
import type { Address, Operand, VirtualRegister } from './ir.ts';
import type { Lowering } from './lowering.ts';
import { pointing } from './memory.ts';

/** More pairs of positions take the verifier too long. */
export const MAX_PLAIN_PAIRS: number = 1 << 15;
const MAX_SHORT_PAIRS = 1 << 9;

/** Text in memory that the program reaches directly. */
export interface ReachableText {
  readonly address: Address;
  readonly capacityBytes: number;
}

/** The position of what is looked for, or any number that is not negative. */
export type Answer = 'position' | 'presence';

export function isShortSearch(textBytes: number, wantedBytes: number): boolean {
  return textBytes * wantedBytes <= MAX_SHORT_PAIRS;
}

export function findLiteral(
  l: Lowering,
  text: ReachableText,
  needle: Uint8Array,
  answer: Answer,
): Operand {
  return search(l, answer, text, text.capacityBytes - needle.length + 1, (position) => {
    const difference = l.b.copy(0n);
    needle.forEach((byte, index) => {
      const other = l.b.load(1, pointing(position, index));
      l.b.apply('xor', other, BigInt(byte));
      l.b.apply('or', difference, other);
    });
    return difference;
  });
}

/** The first text must have as many zeros behind it as the second has bytes. */
export function findText(
  l: Lowering,
  text: ReachableText,
  wanted: ReachableText,
  answer: Answer,
): Operand {
  const empty = l.b.label('empty');
  const result = l.b.copy(0n);
  l.b.branch('eq', l.b.load(1, wanted.address), 0n, empty);
  const found = search(l, answer, text, text.capacityBytes, (position) =>
    compareUpToNul(l, position, l.b.addressOf(wanted.address), wanted.capacityBytes),
  );
  l.b.move(result, found);
  l.b.place(empty);
  return result;
}

/** Not 0 if the texts differ before the NUL of the second. */
function compareUpToNul(
  l: Lowering,
  text: VirtualRegister,
  wanted: VirtualRegister,
  sizeBytes: number,
): VirtualRegister {
  const { b } = l;
  const [left, right] = [b.copy(text), b.copy(wanted)];
  const difference = b.copy(0n);
  /** All ones until the NUL. */
  const alive = b.copy(-1n);
  const index = b.copy(0n);
  const again = b.label('compare');
  b.place(again);
  const byte = b.load(1, pointing(right));
  const negated = b.arithmetic('sub', 0n, byte);
  b.apply('arsh', negated, 63n);
  b.apply('and', alive, negated);
  b.apply('xor', byte, b.load(1, pointing(left)));
  b.apply('and', byte, alive);
  b.apply('or', difference, byte);
  b.apply('add', left, 1n);
  b.apply('add', right, 1n);
  b.apply('add', index, 1n);
  b.branch('lt', index, BigInt(sizeBytes), again);
  return difference;
}

/** The first of the positions where `compare` gives 0, or -1; the NUL of the text ends the search. */
function search(
  l: Lowering,
  answer: Answer,
  text: ReachableText,
  positions: number,
  compare: (position: VirtualRegister) => VirtualRegister,
): VirtualRegister {
  const { b } = l;
  const position = b.copy(b.addressOf(text.address));
  const index = b.copy(0n);
  const result = resultOf(l, answer);
  const again = b.label('search');
  const found = b.label('found');
  const done = b.label('searched');
  b.place(again);
  b.branch('eq', b.load(1, pointing(position)), 0n, done);
  b.branch('eq', compare(position), 0n, found);
  b.apply('add', position, 1n);
  b.apply('add', index, 1n);
  b.branch('lt', index, BigInt(positions), again);
  b.jump(done);
  b.place(found);
  result.set(index);
  b.place(done);
  return result.get();
}

interface SearchResult {
  readonly set: (position: VirtualRegister) => void;
  readonly get: () => VirtualRegister;
}

/** The verifier shall not follow the rest of the program for each position: it forgets what it knows of scratch. */
function resultOf({ b, scratch }: Lowering, answer: Answer): SearchResult {
  if (answer === 'presence') {
    const register = b.copy(-1n);
    return {
      set: () => {
        b.move(register, 0n);
      },
      get: () => register,
    };
  }
  const address = scratch.take(8);
  b.store(8, address, -1n);
  return {
    set: (position) => {
      b.store(8, address, position);
    },
    get: () => b.load(8, address),
  };
}
