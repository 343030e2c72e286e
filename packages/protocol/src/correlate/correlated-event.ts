/**
 * One event as correlation sees it, the same whether it came live or out of the store: where and when, at which
 * attach points, and its arguments by name.
 */
import type { EventField, EventSchema } from '../schema/event-schema.ts';
import { eventFields } from '../value/decode-event.ts';
import type { Value } from '../value/value.ts';
import { valueText } from '../render/value-text.ts';

/** Integers and pointers as they are; all else but booleans as it prints. */
export type FieldValue = bigint | boolean | string;

export type Fields = Readonly<Record<string, FieldValue>>;

/** What names an event among those of its session: a place in a frame of a runner of a host. */
export interface EventReference {
  readonly host: string;
  readonly epoch: number;
  /** Of the frame. */
  readonly sequence: number;
  /** Among what the frame prints. */
  readonly index: number;
}

export interface CorrelatedEvent extends EventReference {
  readonly session: string;
  readonly pid: number;
  readonly tid: number;
  /** Fleet time. Of one boot of a host it is the boot clock and a constant, so that differences are exact. */
  readonly unixNs: bigint;
  /** Boot clock of the host. */
  readonly hostNs: bigint;
  /** By how much the host's times may be wrong against those of the fleet. */
  readonly errorNs: number;
  /** Place in `Schema.events`. */
  readonly event: number;
  /** Attach points of its block, as written; empty where they are not known. */
  readonly probes: readonly string[];
  readonly fields: Fields;
  readonly text: string;
}

/** Names of the arguments; schemas of earlier versions have none, and count. */
export function fieldNames(schema: EventSchema): readonly string[] {
  if ('names' in schema && schema.names !== undefined) return schema.names;
  return schema.kind === 'printf' || schema.kind === 'print-value'
    ? eventFields(schema).map((_, index) => `arg${index + 1}`)
    : [];
}

export function fieldsOf(schema: EventSchema, values: readonly Value[]): Fields {
  const types = eventFields(schema);
  const entries = fieldNames(schema).map((name, index) => [
    name,
    fieldValue(types[index], values[index] ?? ''),
  ]);
  return Object.fromEntries(entries) as Fields;
}

function fieldValue(field: EventField | undefined, value: Value): FieldValue {
  if (typeof value === 'boolean') return value;
  const kind = field?.type.kind;
  if (typeof value === 'bigint' && (kind === 'integer' || kind === 'pointer')) {
    return field?.type.kind === 'integer' && !field.type.signed
      ? BigInt.asUintN(64, value)
      : kind === 'pointer'
        ? BigInt.asUintN(64, value)
        : value;
  }
  return field === undefined ? '' : valueText(field.type, value);
}

/** A field of the event, or what every event has. */
export function fieldOf(event: CorrelatedEvent, name: string): FieldValue | undefined {
  if (Object.hasOwn(event.fields, name)) return event.fields[name];
  switch (name) {
    case 'pid':
    case 'tid':
      return BigInt(event[name]);
    case 'host':
    case 'session':
    case 'text':
      return event[name];
    default:
      return undefined;
  }
}

/** What `fieldOf` finds in every event. */
export const COMMON_FIELDS: readonly string[] = ['pid', 'tid', 'host', 'session', 'text'];

/** Text of a field's value, by which values are compared: two kernels may print a number where another has it. */
export function fieldText(value: FieldValue): string {
  return typeof value === 'string' ? value : String(value);
}

export function referenceText({ host, epoch, sequence, index }: EventReference): string {
  return `${host}/${epoch}/${sequence}/${index}`;
}

/** Undefined for what is no reference. */
export function parseReference(text: string): EventReference | undefined {
  const found = /^(.+)\/(\d{1,15})\/(\d{1,15})\/(\d{1,9})$/.exec(text);
  if (found === null) return undefined;
  const [, host = '', epoch, sequence, index] = found;
  return { host, epoch: Number(epoch), sequence: Number(sequence), index: Number(index) };
}
