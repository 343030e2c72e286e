/** Text and bytes taken from the traced system: `str`, `buf`, `comm`. */
import type { Call, Expression } from '../syntax/ast.ts';
import type { AddressSpace, Type } from '../types/type.ts';
import { refuse } from './codegen-fault.ts';
import type { Address, Operand } from './ir.ts';
import { defaultSpace } from './lower-context.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { inMemory } from './materialise.ts';
import { at, pointing, takeMemory, zeroBytes } from './memory.ts';
import { redactBytes, redactedLength, redactedText } from './redaction.ts';
import { placeAddress, reader, readText } from './remote.ts';
import { isScalar } from './type-traits.ts';
import { memorySpace, type Value } from './value.ts';

export const COMM_BYTES = 16;

/** Text that a helper can read: where it is, and in whose memory. */
export interface TextSource {
  readonly from: Operand | Address;
  readonly space: AddressSpace;
}

export function argument(call: Call, index: number): Expression {
  const found = call.arguments[index];
  if (found === undefined || found.kind === 'type-name') {
    return refuse(call.span, `this use of ${call.callee}`);
  }
  return found;
}

/** The first argument of `str` or `buf`: a pointer, an address or text. */
export function textSource(l: Lowering, expression: Expression): TextSource {
  const source = memorySource(l, expression);
  const isAddress = isScalar(typeOf(l, expression));
  return isAddress ? (withheld(l) ?? source) : source;
}

/** What stands for text that may not leave the host, where none may. */
function withheld(l: Lowering): TextSource | undefined {
  const from = redactedText(l);
  return from === undefined ? undefined : { from, space: 'kernel' };
}

/** As `textSource`, for what is no text. */
export function memorySource(l: Lowering, expression: Expression): TextSource {
  const type = typeOf(l, expression);
  if (type.kind === 'pointer') return { from: l.scalar(expression), space: type.space };
  if (type.kind === 'integer') {
    return { from: l.scalar(expression), space: type.space ?? defaultSpace(l) };
  }
  return sourceOfValue(l, l.value(expression), expression);
}

/** Text that is a value already, for helpers that copy it. */
export function sourceOfValue(l: Lowering, value: Value, expression: Expression): TextSource {
  if (value.kind === 'memory') return { from: value.address, space: 'kernel' };
  if (value.kind === 'remote') {
    return withheld(l) ?? { from: placeAddress(l, value.place), space: memorySpace(value.place) };
  }
  return { from: inMemory(l, expression), space: 'kernel' };
}

/** `str(p[, n])` into memory, followed by zeros; text as long as strings may be, or longer, fills all of it. */
export function lowerStrInto(l: Lowering, call: Call, to: Address, type: Type): void {
  if (type.kind !== 'string') return;
  const own = typeOf(l, call);
  const limit = Math.min(type.size, own.kind === 'string' ? own.size : type.size);
  const source = textSource(l, argument(call, 0));
  const size = textLimit(l, call, limit);
  zeroBytes(l, to, type.size);
  const copied = readText(l, to, size, source.from, source.space);
  if (call.arguments.length > 1) return;
  const full = l.b.label('full');
  const done = l.b.label('text');
  l.b.branch('eq', copied, BigInt(limit), full);
  l.b.place(done);
  l.b.cold(() => {
    l.b.place(full);
    // Where the text goes on, its next byte takes the place of the NUL, which tells that it was cut.
    const last = limit - 1;
    l.b.call(reader(source.space), at(to, last), 1n, moved(source.from, last));
    l.b.jump(done);
  });
}

function moved(from: TextSource['from'], offset: number): TextSource['from'] {
  if (typeof from === 'bigint') return from + BigInt(offset);
  return typeof from === 'number' ? pointing(from, offset) : at(from, offset);
}

/** The bytes `str` may read, NUL included: its second argument, no more than `limit`. */
export function textLimit(l: Lowering, call: Call, limit: number): Operand {
  if (call.arguments.length < 2) return BigInt(limit);
  const length = l.scalar(argument(call, 1));
  if (typeof length === 'bigint') {
    return length < BigInt(limit) ? length : BigInt(limit);
  }
  const size = l.b.copy(length);
  const bounded = l.b.label('bounded');
  l.b.branch('le', size, BigInt(limit), bounded);
  l.b.move(size, BigInt(limit));
  l.b.place(bounded);
  return size;
}

/** The first `sizeBytes` of `str(p)` and no more; undefined if the expression is something else. */
export function strPrefix(
  l: Lowering,
  expression: Expression,
  sizeBytes: number,
): Address | undefined {
  if (expression.kind !== 'call' || expression.callee !== 'str') return undefined;
  if (expression.arguments.length !== 1) return undefined;
  const type = typeOf(l, expression);
  const limit = type.kind === 'string' ? Math.min(type.size, sizeBytes) : sizeBytes;
  const to = takeMemory(l, limit);
  const source = textSource(l, argument(expression, 0));
  zeroBytes(l, to, limit);
  readText(l, to, BigInt(limit), source.from, source.space);
  return to;
}

export function lowerCommInto(l: Lowering, to: Address, type: Type): void {
  const size = type.kind === 'string' ? type.size : COMM_BYTES;
  l.b.call('get_current_comm', to, BigInt(Math.min(size, COMM_BYTES)));
  if (size > COMM_BYTES) zeroBytes(l, at(to, COMM_BYTES), size - COMM_BYTES);
}

/** `buf(p, n)` into memory: a u32 length, then the bytes. */
export function lowerBufInto(l: Lowering, call: Call, to: Address, type: Type): void {
  if (type.kind !== 'buffer') return;
  if (l.program.config.redact) {
    l.b.store(4, to, BigInt(redactedLength(type.size)));
    redactBytes(l, at(to, 4), type.size);
    return;
  }
  const source = textSource(l, argument(call, 0));
  const length = bufferLength(l, call, type.size);
  zeroBytes(l, to, 4 + type.size);
  l.b.store(4, to, length);
  l.b.call(reader(source.space), at(to, 4), length, source.from);
}

/** The bytes `buf` reads: its second argument or the array's size, no more than `limit`, nor than the text has. */
export function bufferLength(l: Lowering, call: Call, limit: number): Operand {
  if (call.arguments.length < 2) return BigInt(limit);
  const type = typeOf(l, argument(call, 0));
  return textLimit(l, call, type.kind === 'string' ? Math.min(limit, type.size) : limit);
}

/** The scratch or stack address as a register, for helpers that get it at a variable offset. */
export function variableAddress(l: Lowering, base: Address, offset: Operand): Address {
  if (typeof offset === 'bigint') return at(base, Number(offset));
  return pointing(l.b.arithmetic('add', l.b.addressOf(base), offset));
}
