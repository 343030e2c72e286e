/** One record of the ring buffer, decoded by its schema. Any bytes give an event or a reason, never an exception. */
import type { EventField, EventSchema } from '../schema/event-schema.ts';
import { EVENT_HEADER_BYTES, REFERENCE_BYTES, TEXT_CUT } from '../schema/event-schema.ts';
import type { Schema } from '../schema/schema.ts';
import type { ValueType } from '../schema/value-type.ts';
import { sizeOfValue } from '../schema/value-type.ts';
import type { DecodeOptions, NameLookup } from './decode.ts';
import { DEFAULT_DECODE, ValueDecoder } from './decode.ts';
import { viewOf } from './read-integer.ts';
import { decodeText, untilNul } from './text-bytes.ts';
import type { Value } from './value.ts';

export interface EventHeader {
  /** Boot clock of the host. */
  readonly nsecs: bigint;
  readonly tid: number;
  readonly pid: number;
  /** Index into `Schema.events`. */
  readonly event: number;
  readonly cpu: number;
}

export interface DecodedEvent {
  readonly kind: 'event';
  readonly header: EventHeader;
  readonly schema: EventSchema;
  /** By the schema's fields; of `exit` the exit code, of `helper-error` the return code. */
  readonly arguments: readonly Value[];
}

export interface MalformedEvent {
  readonly kind: 'malformed';
  readonly reason: 'short-record' | 'unknown-event' | 'field-out-of-bounds';
}

const INT32: ValueType = { kind: 'integer', size: 4, signed: true };
const INT64: ValueType = { kind: 'integer', size: 8, signed: true };

/** What the record holds before its fields; undefined when it is too short. */
export function decodeEventHeader(record: Uint8Array): EventHeader | undefined {
  return record.length < EVENT_HEADER_BYTES ? undefined : readHeader(viewOf(record));
}

export function decodeEvent(
  schema: Schema,
  record: Uint8Array,
  names: NameLookup,
  options: DecodeOptions = DEFAULT_DECODE,
): DecodedEvent | MalformedEvent {
  if (record.length < EVENT_HEADER_BYTES) return { kind: 'malformed', reason: 'short-record' };
  const decoder = new ValueDecoder(record, names, options);
  const header = readHeader(decoder.view);
  const event = schema.events[header.event];
  if (event === undefined) return { kind: 'malformed', reason: 'unknown-event' };
  const values: Value[] = [];
  for (const field of eventFields(event)) {
    const value = field.dynamic
      ? decodeDynamic(field, record, decoder.view, options)
      : decodeFixed(field, record, decoder);
    if (value === undefined) return { kind: 'malformed', reason: 'field-out-of-bounds' };
    values.push(value);
  }
  return { kind: 'event', header, schema: event, arguments: values };
}

function readHeader(view: DataView): EventHeader {
  return {
    nsecs: view.getBigUint64(0, true),
    tid: view.getUint32(8, true),
    pid: view.getUint32(12, true),
    event: view.getUint32(16, true),
    cpu: view.getUint32(20, true),
  };
}

/** The fields of an event's record, in the order of `DecodedEvent.arguments`. */
export function eventFields(event: EventSchema): readonly EventField[] {
  switch (event.kind) {
    case 'printf':
    case 'system':
    case 'cat':
    case 'errorf':
    case 'warnf':
    case 'join':
      return event.arguments;
    case 'print-value':
      return [event.value];
    case 'exit':
      return EXIT_FIELDS;
    case 'helper-error':
      return HELPER_ERROR_FIELDS;
    case 'print-map':
    case 'clear':
    case 'zero':
    case 'time':
    case 'runtime-error':
      return [];
  }
}

const EXIT_FIELDS: readonly EventField[] = [
  { offset: EVENT_HEADER_BYTES, type: INT32, dynamic: false },
];
const HELPER_ERROR_FIELDS: readonly EventField[] = [
  { offset: EVENT_HEADER_BYTES, type: INT64, dynamic: false },
];

function decodeFixed(
  field: EventField,
  record: Uint8Array,
  decoder: ValueDecoder,
): Value | undefined {
  const end = field.offset + sizeOfValue(field.type);
  return end > record.length ? undefined : decoder.value(field.type, field.offset);
}

function decodeDynamic(
  field: EventField,
  record: Uint8Array,
  view: DataView,
  options: DecodeOptions,
): Value | undefined {
  if (field.offset + REFERENCE_BYTES > record.length) return undefined;
  const start = view.getUint32(field.offset, true);
  const word = view.getUint32(field.offset + 4, true);
  const end = start + (word & ~TEXT_CUT);
  if (end > record.length) return undefined;
  const bytes = record.subarray(start, end);
  if (field.type.kind === 'buffer') return bytes.slice();
  const text = decodeText(untilNul(bytes));
  return (word & TEXT_CUT) === 0 ? text : text + options.truncationTrailer;
}
