/** Text and bytes appended to a record at their real length. */
import { TEXT_CUT } from '@bpfleet/protocol';
import type { Expression } from '../syntax/ast.ts';
import type { Type } from '../types/type.ts';
import type { Address, Operand, VirtualRegister } from './ir.ts';
import { inMemory } from './materialise.ts';
import {
  argument,
  bufferLength,
  sourceOfValue,
  textLimit,
  textSource,
  variableAddress,
  type TextSource,
} from './lower-string.ts';
import type { Lowering } from './lowering.ts';
import { at } from './memory.ts';
import { redactedLength, redactedText } from './redaction.ts';
import { reader, readText } from './remote.ts';

/** A record under construction: where it is, and where its next byte goes. */
export interface GrowingRecord {
  readonly base: Address;
  tail: Operand;
}

/** Appends a string or buffer and writes its place and length to the field. */
export function appendDynamic(
  l: Lowering,
  record: GrowingRecord,
  field: Address,
  expression: Expression,
  type: Type,
): void {
  if (type.kind === 'buffer') appendBuffer(l, record, field, expression, type.size);
  else if (type.kind === 'string') appendString(l, record, field, expression, type.size);
}

function appendString(
  l: Lowering,
  record: GrowingRecord,
  field: Address,
  expression: Expression,
  sizeBytes: number,
): void {
  if (expression.kind === 'call' && expression.callee === 'str') {
    const source = textSource(l, argument(expression, 0));
    // Without a length of its own the text is cut only where it is longer than strings may be.
    const limit =
      expression.arguments.length > 1 ? textLimit(l, expression, sizeBytes) : BigInt(sizeBytes + 1);
    appendText(l, record, field, source, limit, sizeBytes);
    return;
  }
  const value = l.value(expression);
  const source: TextSource =
    value.kind === 'text' || value.kind === 'nothing' || value.kind === 'scalar'
      ? { from: inMemory(l, expression), space: 'kernel' }
      : sourceOfValue(l, value, expression);
  appendText(l, record, field, source, BigInt(sizeBytes), sizeBytes);
}

/** Copies up to `limit` bytes, NUL included; more than `sizeBytes` mean that the text was cut. */
export function appendText(
  l: Lowering,
  record: GrowingRecord,
  field: Address,
  source: TextSource,
  limit: Operand,
  sizeBytes: number,
): void {
  const { b } = l;
  const to = variableAddress(l, record.base, record.tail);
  const copied = readText(l, to, limit, source.from, source.space);
  const length = b.copy(0n);
  const marked = b.copy(0n);
  const done = b.label('text');
  const whole = b.label('whole');
  b.branch('sle', copied, 0n, done);
  b.branch('gt', copied, BigInt(sizeBytes), whole);
  b.move(length, copied);
  b.apply('sub', length, 1n);
  b.move(marked, length);
  b.jump(done);
  b.place(whole);
  b.move(length, BigInt(sizeBytes));
  b.move(marked, BigInt(sizeBytes + TEXT_CUT));
  b.place(done);
  finishField(l, record, field, length, marked);
}

function appendBuffer(
  l: Lowering,
  record: GrowingRecord,
  field: Address,
  expression: Expression,
  sizeBytes: number,
): void {
  if (expression.kind === 'call' && expression.callee === 'buf') {
    const source = textSource(l, argument(expression, 0));
    const length = bufferLength(l, expression, sizeBytes);
    const to = variableAddress(l, record.base, record.tail);
    if (l.program.config.redact) {
      const shown = BigInt(redactedLength(sizeBytes));
      l.b.call('probe_read_kernel', to, shown, redactedText(l) ?? 0n);
      finishField(l, record, field, shown, shown);
      return;
    }
    l.b.call(reader(source.space), to, length, source.from);
    finishField(l, record, field, length, length);
    return;
  }
  const from = inMemory(l, expression);
  const length = l.b.load(4, from);
  const bounded = l.b.label('bounded');
  l.b.branch('le', length, BigInt(sizeBytes), bounded);
  l.b.move(length, BigInt(sizeBytes));
  l.b.place(bounded);
  const to = variableAddress(l, record.base, record.tail);
  l.b.call('probe_read_kernel', to, length, at(from, 4));
  finishField(l, record, field, length, length);
}

function finishField(
  l: Lowering,
  record: GrowingRecord,
  field: Address,
  length: Operand,
  marked: Operand,
): void {
  l.b.store(4, field, record.tail);
  l.b.store(4, at(field, 4), marked);
  const tail: VirtualRegister = l.b.arithmetic('add', record.tail, length);
  record.tail = tail;
}
