/** `strlen`, `strcap`, `strstr`, `strcontains` and `str_concat`: text of strings, of arrays of characters, behind pointers. */
import type { Call, Expression } from '../syntax/ast.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Type } from '../types/type.ts';
import { stringBytes } from '../syntax/decode-string.ts';
import { refuse } from './codegen-fault.ts';
import type { Address, Operand, VirtualRegister } from './ir.ts';
import { inMemory } from './materialise.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { at, inScope, pointing, takeMemory, zeroBytes } from './memory.ts';
import {
  argument,
  sourceOfValue,
  textSource,
  variableAddress,
  type TextSource,
} from './lower-string.ts';
import { readText } from './remote.ts';

/** The verifier walks a search once for each pair of positions; more than this takes it too long. */
const MAX_PAIRS = 1 << 16;

export function lowerStrlen(l: Lowering, call: Call): Operand {
  const text = argument(call, 0);
  return inScope(l, () => lengthOf(l, text));
}

/** What a string or array has room for; of a pointer, the length of its text. */
export function lowerStrcap(l: Lowering, call: Call): Operand {
  const text = argument(call, 0);
  const type = typeOf(l, text);
  return type.kind === 'pointer' ? lowerStrlen(l, call) : BigInt(sizeOfType(type));
}

function lengthOf(l: Lowering, text: Expression): Operand {
  if (text.kind === 'string') return BigInt(stringBytes(text.value).length);
  const capacity = capacityOf(l, text);
  // One byte more than there is, so that text without a NUL is counted whole.
  const copy = takeMemory(l, capacity + 1);
  const { from, space } = sourceOf(l, text);
  const copied = readText(l, copy, BigInt(capacity + 1), from, space);
  const length = l.b.copy(copied);
  const done = l.b.label('length');
  l.b.apply('sub', length, 1n);
  l.b.branch('sge', length, 0n, done);
  l.b.move(length, 0n);
  l.b.place(done);
  return length;
}

export function lowerStrcontains(l: Lowering, call: Call): Operand {
  const result = l.b.copy(1n);
  const done = l.b.label('contained');
  l.b.branch('sge', lowerStrstr(l, call), 0n, done);
  l.b.move(result, 0n);
  l.b.place(done);
  return result;
}

/** The position of the second text in the first, or -1. */
export function lowerStrstr(l: Lowering, call: Call): Operand {
  const [haystack, needle] = [argument(call, 0), argument(call, 1)];
  return inScope(l, () => {
    if (needle.kind === 'string') return findLiteral(l, haystack, stringBytes(needle.value));
    const sizes = [capacityOf(l, haystack), capacityOf(l, needle)] as const;
    if (sizes[0] * sizes[1] > MAX_PAIRS) {
      return refuse(
        call.span,
        `${call.callee}() of ${sizes[0]} bytes in which to look for up to ${sizes[1]} bytes`,
      );
    }
    return findText(l, haystack, needle, ...sizes);
  });
}

/**
 * One position after the other, each compared without branches: the verifier keeps every branch not taken until the
 * end, and cannot keep very many.
 */
function findLiteral(l: Lowering, haystack: Expression, needle: Uint8Array): Operand {
  if (needle.length === 0) return 0n;
  const capacity = capacityOf(l, haystack);
  if (capacity < needle.length) return -1n;
  const text = direct(l, haystack, capacity, 0);
  return search(l, text, capacity - needle.length + 1, (position) => {
    const difference = l.b.copy(0n);
    needle.forEach((byte, index) => {
      const other = l.b.load(1, pointing(position, index));
      l.b.apply('xor', other, BigInt(byte));
      l.b.apply('or', difference, other);
    });
    return difference;
  });
}

function findText(
  l: Lowering,
  haystack: Expression,
  needle: Expression,
  haystackBytes: number,
  needleBytes: number,
): Operand {
  const text = direct(l, haystack, haystackBytes, needleBytes);
  const wanted = direct(l, needle, needleBytes, 0);
  const empty = l.b.label('empty');
  const result = l.b.copy(0n);
  l.b.branch('eq', l.b.load(1, wanted), 0n, empty);
  const found = search(l, text, haystackBytes, (position) =>
    compareUpToNul(l, position, l.b.addressOf(wanted), needleBytes),
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
  text: Address,
  positions: number,
  compare: (position: VirtualRegister) => VirtualRegister,
): VirtualRegister {
  const { b } = l;
  const position = b.copy(b.addressOf(text));
  const index = b.copy(0n);
  const result = b.copy(-1n);
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
  b.move(result, index);
  b.place(done);
  return result;
}

/**
 * Both texts one after the other; what has no room is cut off. They are joined where there is room for both: the
 * verifier does not see that a long first text leaves less for the second.
 */
export function lowerConcatInto(l: Lowering, call: Call, to: Address, type: Type): void {
  const own = typeOf(l, call);
  if (type.kind !== 'string' || own.kind !== 'string') return;
  inScope(l, () => {
    const size = BigInt(own.size);
    const joined = takeMemory(l, 2 * own.size);
    zeroBytes(l, joined, own.size);
    const first = sourceOf(l, argument(call, 0));
    const length = l.b.copy(readText(l, joined, size, first.from, first.space));
    const second = sourceOf(l, argument(call, 1));
    const unreadable = l.b.label('unreadable');
    const done = l.b.label('concatenated');
    l.b.branch('slt', length, 1n, unreadable);
    l.b.apply('sub', length, 1n);
    l.b.branch('ge', length, size, done);
    readText(l, variableAddress(l, joined, length), size, second.from, second.space);
    l.b.jump(done);
    l.b.place(unreadable);
    readText(l, joined, size, second.from, second.space);
    l.b.place(done);
    zeroBytes(l, to, type.size);
    readText(l, to, BigInt(Math.min(own.size, type.size)), joined, 'kernel');
  });
}

function capacityOf(l: Lowering, text: Expression): number {
  if (text.kind === 'string') return stringBytes(text.value).length + 1;
  const type = typeOf(l, text);
  return type.kind === 'pointer' ? l.program.config.maxStrlen : sizeOfType(type);
}

function sourceOf(l: Lowering, text: Expression): TextSource {
  const type = typeOf(l, text);
  if (type.kind !== 'string') return textSource(l, text);
  return sourceOfValue(l, l.value(text), text);
}

/** The text in memory of the program's own, with so many zeros behind it. */
function direct(l: Lowering, text: Expression, capacity: number, padding: number): Address {
  const type = typeOf(l, text);
  if (padding === 0 && type.kind === 'string') {
    const value = l.value(text);
    if (value.kind === 'memory') return value.address;
    if (value.kind === 'text') return inMemory(l, text);
  }
  const copy = takeMemory(l, capacity + padding + 1);
  zeroBytes(l, copy, capacity + padding + 1);
  const { from, space } = sourceOf(l, text);
  readText(l, copy, BigInt(capacity + 1), from, space);
  zeroBytes(l, at(copy, capacity), 1);
  return copy;
}
