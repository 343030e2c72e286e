/** Two pieces of memory word by word, in blocks: the verifier keeps each branch not taken, and cannot keep very many. */
import { MAX_PLAIN_WORDS } from './callback-loops.ts';
import type { IrBuilder } from './ir-builder.ts';
import type { Address, VirtualRegister } from './ir.ts';
import type { Lowering } from './lowering.ts';
import { at, pointing } from './memory.ts';

const BLOCK_WORDS = 32;
const BLOCK_BYTES = 8 * BLOCK_WORDS;

/** Words on the stack of the function that waits for a callback. */
const STATE_POINTER = 0;
const LEFT_POINTER = 8;
const RIGHT_POINTER = 16;
const SHARED_BYTES = 24;

export interface PairVisitor {
  /** What it does, for the name of a function. */
  readonly name: string;
  /** Registers that go from pair to pair: what each begins as. */
  readonly carried: readonly bigint[];
  /** Should not branch; may change all registers. */
  readonly pair: (
    b: IrBuilder,
    words: readonly [left: VirtualRegister, right: VirtualRegister],
    carried: readonly VirtualRegister[],
  ) => void;
  /** Where to go, asked after each block, once a carried register is 0 or is not. */
  readonly leave: readonly {
    readonly carried: number;
    readonly comparison: 'eq' | 'ne';
    readonly target: string;
  }[];
}

export function forEachWordPair(
  l: Lowering,
  [first, second]: readonly [Address, Address],
  words: number,
  visitor: PairVisitor,
): void {
  const { b } = l;
  const blocks = Math.floor(words / BLOCK_WORDS);
  const carried = visitor.carried.map((value) => b.copy(value));
  const leave = (): void => {
    for (const { carried: index, comparison, target } of visitor.leave) {
      b.branch(comparison, carried[index] ?? 0n, 0n, target);
    }
  };
  const reachable = first.kind === 'register' && second.kind === 'register';
  const called = words > MAX_PLAIN_WORDS && reachable && l.program.target.features.bpfLoop;
  const done = called ? blocks * BLOCK_BYTES : 0;
  if (called) {
    blocksByCallback(l, [first, second], blocks, { visitor, carried });
    leave();
  }
  const left = b.copy(b.addressOf(at(first, done)));
  const right = b.copy(b.addressOf(at(second, done)));
  const block = (size: number): void => {
    pairs(b, size, { left, right, carried }, visitor);
    if (size > 0) leave();
  };
  if (!called) {
    times(b, blocks, () => {
      block(BLOCK_WORDS);
    });
  }
  block(words % BLOCK_WORDS);
}

interface Registers {
  readonly left: VirtualRegister;
  readonly right: VirtualRegister;
  readonly carried: readonly VirtualRegister[];
}

function pairs(
  b: IrBuilder,
  count: number,
  { left, right, carried }: Registers,
  visitor: PairVisitor,
): void {
  times(b, count, () => {
    visitor.pair(b, [b.load(8, pointing(left)), b.load(8, pointing(right))], carried);
    b.apply('add', left, 8n);
    b.apply('add', right, 8n);
  });
}

function times(b: IrBuilder, count: number, write: () => void): void {
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
}

/** One block per turn of `bpf_loop`; what is carried is in scratch meanwhile, where the verifier takes it for unknown. */
function blocksByCallback(
  l: Lowering,
  [first, second]: readonly [Address, Address],
  blocks: number,
  { visitor, carried }: { visitor: PairVisitor; carried: readonly VirtualRegister[] },
): void {
  const { b } = l;
  const name = `${visitor.name}_${blocks}`;
  if (!b.hasFunction(name)) writeTurn(l, name, blocks, visitor);
  const state = l.scratch.take(8 * carried.length);
  carried.forEach((register, index) => {
    b.store(8, at(state, 8 * index), register);
  });
  const shared = b.onStack(SHARED_BYTES);
  b.store(8, at(shared, STATE_POINTER), b.addressOf(state));
  b.store(8, at(shared, LEFT_POINTER), b.addressOf(first));
  b.store(8, at(shared, RIGHT_POINTER), b.addressOf(second));
  b.call('loop', BigInt(blocks), { kind: 'function', function: name }, shared, 0n);
  carried.forEach((register, index) => {
    b.move(register, b.load(8, at(state, 8 * index)));
  });
}

function writeTurn(l: Lowering, name: string, blocks: number, visitor: PairVisitor): void {
  const b = l.b.beside({ arguments: 2 });
  const [turn, shared] = [0, 1];
  const stop = b.label('stop');
  b.branch('ge', turn, BigInt(blocks), stop);
  const offset = b.arithmetic('mul', turn, BigInt(BLOCK_BYTES));
  const left = b.arithmetic('add', b.load(8, pointing(shared, LEFT_POINTER)), offset);
  const right = b.arithmetic('add', b.load(8, pointing(shared, RIGHT_POINTER)), offset);
  const state = pointing(b.load(8, pointing(shared, STATE_POINTER)));
  const carried = visitor.carried.map((_, index) => b.load(8, at(state, 8 * index)));
  pairs(b, BLOCK_WORDS, { left, right, carried }, visitor);
  carried.forEach((register, index) => {
    b.store(8, at(state, 8 * index), register);
  });
  for (const { carried: index, comparison } of visitor.leave) {
    b.branch(comparison, carried[index] ?? 0n, 0n, stop);
  }
  b.return(0n);
  const written = b.finish(() => {
    b.place(stop);
    b.return(1n);
  });
  l.b.addFunction(name, written);
}
