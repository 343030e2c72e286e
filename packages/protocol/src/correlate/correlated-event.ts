/**
 * An event as correlation sees it: where and when it happened, and its arguments by name. The live stream and the store
 * both make these, so that both are asked by the same code.
 */
import type { OutputItem } from '../render/output-item.ts';
import { valueText } from '../render/value-text.ts';
import type { EventSchema } from '../schema/event-schema.ts';
import type { ValueType } from '../schema/value-type.ts';
import { eventFields } from '../value/decode-event.ts';
import type { Value } from '../value/value.ts';

/** Integers, pointers and booleans are numbers; all else is as it prints. */
export type FieldValue = bigint | string;

/** By name. */
export type Fields = Readonly<Record<string, FieldValue>>;

export interface CorrelatedEvent {
  readonly session: string;
  readonly host: string;
  readonly pid: number;
  readonly tid: number;
  /** Fleet time, Unix nanoseconds. Differences on one host are exact. */
  readonly unixNs: bigint;
  /** Bound of the error of the host's clock, nanoseconds. */
  readonly errorNs: bigint;
  /** Attach points of the block that printed it. */
  readonly probes: readonly string[];
  /** First word of the format that it was printed with. */
  readonly word: string | undefined;
  readonly fields: Fields;
  /** As it was printed. */
  readonly text: string;
}

/** What is known of an event beside the item itself. */
export interface EventOrigin {
  readonly session: string;
  readonly schema: EventSchema;
  readonly errorNs: bigint;
}

/** Undefined for what no thread of a program printed, or nobody can read. */
export function correlatedEvent(
  item: OutputItem,
  { session, schema, errorNs }: EventOrigin,
): CorrelatedEvent | undefined {
  if (item.kind !== 'printf' || schema.kind !== 'printf' || item.host === undefined) {
    return undefined;
  }
  return {
    session,
    host: item.host,
    pid: item.pid ?? 0,
    tid: item.tid ?? 0,
    unixNs: item.unixNs,
    errorNs,
    probes: schema.probes ?? [],
    word: firstWord(schema),
    fields: fieldsOf(schema, item.arguments ?? []),
    text: item.text,
  };
}

/** `client` of `printf("client %s", …)`: what joins may call such events by. */
export function firstWord(schema: EventSchema): string | undefined {
  return schema.kind === 'printf' ? /^[A-Za-z_]\w*/.exec(schema.format)?.[0] : undefined;
}

export function fieldsOf(schema: EventSchema, values: readonly Value[]): Fields {
  const names = 'names' in schema ? (schema.names ?? []) : [];
  const types = eventFields(schema);
  return Object.fromEntries(
    names.flatMap((name, index) => {
      const [value, field] = [values[index], types[index]];
      if (value === undefined || field === undefined) return [];
      return [[name, fieldValue(field.type, value)] as const];
    }),
  );
}

/** Undefined where the event has none of that name. */
export function fieldOf({ fields }: CorrelatedEvent, name: string): FieldValue | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** Which of the two a value of this type becomes. */
export function isNumeric({ kind }: ValueType): boolean {
  return kind === 'integer' || kind === 'pointer' || kind === 'boolean';
}

function fieldValue(type: ValueType, value: Value): FieldValue {
  if (!isNumeric(type)) return valueText(type, value);
  return typeof value === 'bigint' ? value : value === true ? 1n : 0n;
}
