/** `strlen`, `strcap`, `strstr`, `strcontains` and `str_concat`: text of strings, of arrays of characters, behind pointers. */
import type { Call, Expression } from '../syntax/ast.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Type } from '../types/type.ts';
import { encodeText } from '@bpfleet/protocol';
import { refuse } from './codegen-fault.ts';
import { findByCallback } from './find-by-callback.ts';
import {
  type Answer,
  findLiteral,
  findText,
  isShortSearch,
  MAX_PLAIN_PAIRS,
} from './find-in-loop.ts';
import type { Address, Operand } from './ir.ts';
import { inMemory } from './materialise.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { at, inScope, takeMemory, zeroBytes } from './memory.ts';
import {
  argument,
  sourceOfValue,
  textSource,
  variableAddress,
  type TextSource,
} from './lower-string.ts';
import { readText } from './remote.ts';

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
  if (text.kind === 'string') return BigInt(encodeText(text.value).length);
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
  l.b.branch('sge', find(l, call, 'presence'), 0n, done);
  l.b.move(result, 0n);
  l.b.place(done);
  return result;
}

/** The position of the second text in the first, or -1. */
export function lowerStrstr(l: Lowering, call: Call): Operand {
  return find(l, call, 'position');
}

function find(l: Lowering, call: Call, answer: Answer): Operand {
  const [haystack, needle] = [argument(call, 0), argument(call, 1)];
  return inScope(l, () => {
    const text = { capacityBytes: capacityOf(l, haystack) };
    const wanted = { capacityBytes: capacityOf(l, needle) };
    const callback = l.program.target.features.bpfLoop;
    if (needle.kind === 'string') {
      const bytes = encodeText(needle.value);
      if (bytes.length === 0) return 0n;
      if (text.capacityBytes < bytes.length) return -1n;
      if (!callback || isShortSearch(text.capacityBytes, bytes.length)) {
        requireShort(call, text.capacityBytes, bytes.length);
        return findLiteral(
          l,
          { ...text, address: direct(l, haystack, text.capacityBytes) },
          bytes,
          answer,
        );
      }
    }
    if (!callback) requireShort(call, text.capacityBytes, wanted.capacityBytes);
    // Without a callback the second text is compared wherever it may stand, beyond the end of the first, too.
    const padding = callback ? 0 : wanted.capacityBytes;
    const texts = [
      { ...text, address: direct(l, haystack, text.capacityBytes, padding) },
      { ...wanted, address: direct(l, needle, wanted.capacityBytes) },
    ] as const;
    return callback ? findByCallback(l, ...texts, call.span) : findText(l, ...texts, answer);
  });
}

function requireShort(call: Call, textBytes: number, wantedBytes: number): void {
  if (textBytes * wantedBytes <= MAX_PLAIN_PAIRS) return;
  refuse(
    call.span,
    `${call.callee}() of ${textBytes} bytes in which to look for up to ${wantedBytes} bytes before Linux 5.17`,
  );
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
  if (text.kind === 'string') return encodeText(text.value).length + 1;
  const type = typeOf(l, text);
  return type.kind === 'pointer' ? l.program.config.maxStrlen : sizeOfType(type);
}

function sourceOf(l: Lowering, text: Expression): TextSource {
  const type = typeOf(l, text);
  if (type.kind !== 'string') return textSource(l, text);
  return sourceOfValue(l, l.value(text), text);
}

/** The text in memory of the program's own, with so many zeros behind it. */
function direct(l: Lowering, text: Expression, capacity: number, padding = 0): Address {
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
