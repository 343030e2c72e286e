/** Events with arguments, such as printf's: filled in place when their size is fixed, else put together in scratch. */
import { EVENT_HEADER_BYTES } from '@bpfleet/protocol';
import { valueTooBig } from '../diagnostics/messages/limits.ts';
import type { Expression } from '../syntax/ast.ts';
import { KERNEL_MAPS } from '../session-spec.ts';
import { walk } from '../syntax/visit.ts';
import { CodegenFault } from './codegen-fault.ts';
import { appendDynamic, type GrowingRecord } from './dynamic-text.ts';
import type { EventLayout } from './event-fields.ts';
import { BPF_RB_NO_WAKEUP, lostBehind, submitRecord, writeHeader } from './event-record.ts';
import type { Operand } from './ir.ts';
import type { Lowering } from './lowering.ts';
import { at, inScope } from './memory.ts';
import { ringBytes } from './ring-size.ts';
import { isScalar, scalarBytes } from './type-traits.ts';

/** What is filled in place is evaluated before: more values than these would not fit beside each other on the stack. */
const MAX_HELD = 24;

export function sendEvent(
  l: Lowering,
  event: number,
  layout: EventLayout,
  flags: bigint = BPF_RB_NO_WAKEUP,
): void {
  refuseBeyondRing(l, layout);
  inScope(l, () => {
    const inPlace =
      layout.dynamicBytes === 0 &&
      layout.fields.length <= MAX_HELD &&
      layout.fields.every(isStraight);
    if (inPlace) sendFixed(l, event, layout, flags);
    else sendGrowing(l, event, layout, flags);
  });
}

/** What is larger than the ring is lost each time. */
function refuseBeyondRing(l: Lowering, { fields, fixedEnd }: EventLayout): void {
  const { config, target } = l.program;
  const limit = ringBytes(config.perfRbPages, target.pageSize, true);
  const [first] = fields;
  if (first === undefined || fixedEnd <= limit) return;
  const hint = 'Send a part of it, or raise perf_rb_pages.';
  const { span } = first.expression;
  throw new CodegenFault(valueTooBig(span, 'this event', fixedEnd, limit, hint));
}

/** Could evaluating it leave the program? Not while a record is reserved. */
function isStraight({ expression }: EventLayout['fields'][number]): boolean {
  let straight = true;
  walk(expression, {
    enter: (node) => {
      if (node.kind === 'if' || node.kind === 'block-expression') straight = false;
    },
  });
  return straight;
}

function sendFixed(l: Lowering, event: number, layout: EventLayout, flags: bigint): void {
  const scalars = new Map<Expression, Operand>();
  for (const { expression, type } of layout.fields) {
    if (isScalar(type)) scalars.set(expression, l.scalar(expression));
  }
  const fieldBytes = layout.fixedEnd - EVENT_HEADER_BYTES;
  submitRecord(
    l,
    event,
    fieldBytes,
    (fields) => {
      for (const { expression, type, field } of layout.fields) {
        const to = at(fields, field.offset - EVENT_HEADER_BYTES);
        const operand = scalars.get(expression);
        if (operand === undefined) l.into(expression, to, type);
        else l.b.store(scalarBytes(type), to, operand);
      }
    },
    flags,
  );
}

function sendGrowing(l: Lowering, event: number, layout: EventLayout, flags: bigint): void {
  const base = l.scratch.take(layout.fixedEnd + layout.dynamicBytes);
  const record: GrowingRecord = { base, tail: BigInt(layout.fixedEnd) };
  for (const { expression, type, field } of layout.fields) {
    const to = at(base, field.offset);
    inScope(l, () => {
      l.place.span = expression.span;
      if (field.dynamic) appendDynamic(l, record, to, expression, type);
      else if (isScalar(type)) l.b.store(scalarBytes(type), to, l.scalar(expression));
      else l.into(expression, to, type);
    });
  }
  writeHeader(l, base, event);
  outputRecord(l, record, flags);
}

/** Sends a record as long as it has become. */
export function outputRecord(
  l: Lowering,
  record: GrowingRecord,
  flags: bigint = BPF_RB_NO_WAKEUP,
): void {
  const ring = { kind: 'map', map: KERNEL_MAPS.ring } as const;
  const result = l.b.call('ringbuf_output', ring, record.base, record.tail, flags);
  const full = l.b.label('ring_full');
  const done = l.b.label('sent');
  l.b.branch('ne', result, 0n, full);
  l.b.place(done);
  lostBehind(l, full, done);
}
