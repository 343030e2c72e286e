/** Functions that ask the tracer to do something: one record each, with the event it sends. */
import type { EventSchema } from '@bpfleet/protocol';
import type { Call, Expression } from '../syntax/ast.ts';
import { argumentNames } from './argument-names.ts';
import { refuse } from './codegen-fault.ts';
import { layOutEvent, type EventLayout } from './event-fields.ts';
import { BPF_RB_NO_WAKEUP, submitRecord, WAKE_UP } from './event-record.ts';
import { leave } from './lower-function.ts';
import { sendEvent } from './lower-event.ts';
import { positionOf } from './lower-faults.ts';
import { lowerJoin } from './lower-join.ts';
import { printedIn } from './printed-in.ts';
import { isPinned, lowerSeqPrintf } from './lower-seq.ts';
import { argument } from './lower-string.ts';
import type { Lowering } from './lowering.ts';
import { pointing } from './memory.ts';

type Action = (l: Lowering, call: Call) => void;

const DEFAULT_TIME_FORMAT = '%H:%M:%S\n';

const actions: Readonly<Record<string, Action>> = {
  printf: (l, call) => {
    if (isPinned(l)) lowerSeqPrintf(l, call, text(call, 0));
    else
      sendFormatted(l, call, (format, fields) => {
        const names = argumentNames(call.arguments.slice(1));
        return { kind: 'printf', format, arguments: fields, names, ...printedIn(l) };
      });
  },
  system: (l, call) => {
    sendControl(l, call, 'system');
  },
  cat: (l, call) => {
    sendControl(l, call, 'cat');
  },
  errorf: (l, call) => {
    sendMessage(l, call, 'errorf');
  },
  warnf: (l, call) => {
    sendMessage(l, call, 'warnf');
  },
  print: lowerPrint,
  clear: (l, call) => {
    send(l, { kind: 'clear', map: mapName(call) });
  },
  zero: (l, call) => {
    send(l, { kind: 'zero', map: mapName(call) });
  },
  time: (l, call) => {
    const format = call.arguments.length > 0 ? text(call, 0) : DEFAULT_TIME_FORMAT;
    send(l, { kind: 'time', format, ...printedIn(l) });
  },
  join: lowerJoin,
  exit: lowerExit,
};

/** False if the call is no action. */
export function lowerAction(l: Lowering, call: Call): boolean {
  const action = actions[call.callee];
  action?.(l, call);
  return action !== undefined;
}

type Fields = Extract<EventSchema, { kind: 'printf' }>['arguments'];

function sendFormatted(
  l: Lowering,
  call: Call,
  schema: (format: string, fields: Fields) => EventSchema,
  flags: bigint = BPF_RB_NO_WAKEUP,
): void {
  const values = call.arguments.slice(1).map((_, index) => argument(call, index + 1));
  const layout = layOutEvent(l, values);
  const event = l.session.addEvent(schema(text(call, 0), fieldsOf(layout)));
  sendEvent(l, event, layout, flags);
}

function sendControl(l: Lowering, call: Call, kind: 'system' | 'cat'): void {
  sendFormatted(l, call, (format, fields) => ({ kind, format, arguments: fields }), WAKE_UP);
}

function sendMessage(l: Lowering, call: Call, kind: 'errorf' | 'warnf'): void {
  const position = positionOf(call.span);
  sendFormatted(l, call, (format, fields) => ({
    kind,
    format,
    arguments: fields,
    at: position,
  }));
}

/** An event without arguments. */
function send(l: Lowering, schema: EventSchema): void {
  submitRecord(l, l.session.addEvent(schema), 0, () => undefined, WAKE_UP);
}

function lowerPrint(l: Lowering, call: Call): void {
  const value = argument(call, 0);
  if (value.kind === 'map' && value.key === undefined) {
    const top = integer(call, 1);
    send(l, { kind: 'print-map', map: value.name, top, divisor: integer(call, 2) });
    return;
  }
  const layout = layOutEvent(l, [value]);
  const [field] = fieldsOf(layout);
  if (field === undefined) return;
  const names = argumentNames([value]);
  const event = l.session.addEvent({ kind: 'print-value', value: field, names, ...printedIn(l) });
  sendEvent(l, event, layout);
}

function lowerExit(l: Lowering, call: Call): void {
  const code = call.arguments.length > 0 ? l.scalar(argument(call, 0)) : 0n;
  const event = l.session.addEvent({ kind: 'exit' });
  submitRecord(
    l,
    event,
    4,
    (fields) => {
      l.b.store(4, fields, code);
      if (l.session.exits) l.b.store(8, pointing(l.b.mapValue(l.session.exitedMap)), 1n);
    },
    WAKE_UP,
  );
  leave(l);
}

function fieldsOf(layout: EventLayout): Fields {
  return layout.fields.map(({ field }) => field);
}

function mapName(call: Call): string {
  const map: Expression = argument(call, 0);
  return map.kind === 'map' ? map.name : refuse(call.span, `this ${call.callee}()`);
}

function text(call: Call, index: number): string {
  const literal = argument(call, index);
  return literal.kind === 'string' ? literal.value : refuse(literal.span, 'this format');
}

function integer(call: Call, index: number): number | undefined {
  const literal = call.arguments[index];
  return literal?.kind === 'integer' ? Number(literal.value) : undefined;
}
