/** What a program reports about itself: lost events, refused map updates, faults at run time. All of it is cold code. */
import type { EventSchema, SourcePosition } from '@bpfleet/protocol';
import { origins } from '../diagnostics/render.ts';
import type { Span } from '../source.ts';
import type { Operand, VirtualRegister } from './ir.ts';
import { countLoss } from './losses.ts';
import { submitRecord } from './event-record.ts';
import type { Lowering } from './lowering.ts';
import { signExtend } from './narrow.ts';

export function positionOf(span: Span): SourcePosition {
  const from = origins(span);
  if (from.length === 0) return placeOf(span);
  return { ...placeOf(span), expandedFrom: from.map(placeOf) };
}

function placeOf(span: Span): SourcePosition {
  const start = span.source.position(span.start);
  const end = span.source.position(Math.max(span.start, span.end));
  return {
    file: span.source.name,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    text: span.source.line(start.line),
  };
}

/** A map helper's error: older kernels call the map's own function, which fills the low half of the register only. */
export function errorOf(l: Lowering, result: Operand): Operand {
  return signExtend(l.b, result, 32);
}

/**
 * A helper refused an update: counted always, reported the 1st, 2nd, 4th, 8th … time on each CPU, so that a full map
 * does not flood the ring. `result` is as `errorOf` gives it.
 */
export function reportRefusedUpdate(
  l: Lowering,
  helper: string,
  result: Operand,
  span: Span,
): void {
  const count = countLoss(l, 'mapUpdate');
  const silent = l.b.label('reported');
  const others = l.b.arithmetic('and', l.b.arithmetic('sub', count, 1n), count);
  l.b.branch('ne', others, 0n, silent);
  sendHelperError(l, helper, result, span);
  l.b.place(silent);
}

export function sendHelperError(l: Lowering, helper: string, result: Operand, span: Span): void {
  const event: EventSchema = { kind: 'helper-error', helper, at: positionOf(span) };
  submitRecord(l, l.session.addEvent(event), 8, (record) => {
    l.b.store(8, record, result);
  });
}

export function sendRuntimeError(l: Lowering, message: string, span: Span): void {
  const event: EventSchema = { kind: 'runtime-error', message, at: positionOf(span) };
  submitRecord(l, l.session.addEvent(event), 0, () => undefined);
}

/** For `-k`: says at `place` that a read failed. `result` is below 0 then. */
export function reportFailedRead(l: Lowering, helper: string, result: VirtualRegister): void {
  const { span } = l.place;
  if (!l.program.config.reportReads || span === undefined) return;
  const failed = l.b.label('unreadable');
  const done = l.b.label('read');
  l.b.branch('slt', result, 0n, failed);
  l.b.place(done);
  l.b.cold(() => {
    l.b.place(failed);
    sendHelperError(l, helper, errorOf(l, result), span);
    l.b.jump(done);
  });
}

/** For `-k`: says that a map has no such element. */
export function reportMissingElement(l: Lowering, element: VirtualRegister, span: Span): void {
  if (!l.program.config.reportReads) return;
  const missing = l.b.label('no_element');
  const done = l.b.label('looked_up');
  l.b.branch('eq', element, 0n, missing);
  l.b.place(done);
  l.b.cold(() => {
    l.b.place(missing);
    sendHelperError(l, 'map_lookup_elem', 0n, span);
    l.b.jump(done);
  });
}
