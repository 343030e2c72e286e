/** Decoded events as things to print. */
import type { OutputItem } from '../render/output-item.ts';
import type { ParsedFormat } from '../render/printf-format.ts';
import { formatPrintf, parseFormat } from '../render/printf-format.ts';
import { strftime } from '../render/strftime.ts';
import type { EventField, EventSchema } from '../schema/event-schema.ts';
import type { DecodedEvent } from '../value/decode-event.ts';
import type { Value } from '../value/value.ts';
import { unfiltered, type TextFilter } from '../render/value-text.ts';

export interface EventOrigin {
  readonly host?: string;
  readonly unixNs: bigint;
}

/** Keeps the formats of a session parsed. */
export class EventItems {
  readonly #formats = new Map<EventSchema, ParsedFormat>();
  readonly #filter: TextFilter;

  /** @param filter what becomes of traced strings in printed lines */
  constructor(filter: TextFilter = unfiltered) {
    this.#filter = filter;
  }

  /** Undefined for events that print nothing here: those the host acts on itself. */
  itemOf(event: DecodedEvent, origin: EventOrigin): OutputItem | undefined {
    const { schema, header } = event;
    switch (schema.kind) {
      case 'printf':
        return this.#printf(event, this.#text(schema, event.arguments), origin);
      case 'errorf':
      case 'warnf':
        return {
          ...origin,
          kind: schema.kind,
          message: this.#text(schema, event.arguments),
          at: schema.at,
        };
      case 'print-value':
        return {
          ...origin,
          kind: 'value',
          type: schema.value.type,
          value: event.arguments[0] ?? '',
        };
      case 'time':
        return {
          ...origin,
          kind: 'time',
          text: strftime(schema.format, origin.unixNs, 'plain'),
          pid: header.pid,
          tid: header.tid,
        };
      case 'join':
        return {
          ...origin,
          kind: 'join',
          text: joinText(schema.separator, this.#filtered(event.arguments)),
          pid: header.pid,
          tid: header.tid,
        };
      case 'helper-error':
        return {
          ...origin,
          kind: 'helper-error',
          helper: schema.helper,
          code: Number(event.arguments[0] ?? 0n),
          at: schema.at,
        };
      case 'runtime-error':
        return { ...origin, kind: 'runtime-error', message: schema.message, at: schema.at };
      case 'system':
      case 'cat':
      case 'print-map':
      case 'clear':
      case 'zero':
      case 'exit':
        return undefined;
    }
  }

  /** Spelled out: printf is what comes by the million, and a spread costs more than all else here together. */
  #printf(
    { header, arguments: values }: DecodedEvent,
    text: string,
    origin: EventOrigin,
  ): OutputItem {
    const { host, unixNs } = origin;
    const { event, pid, tid } = header;
    return host === undefined
      ? { kind: 'printf', unixNs, text, event, arguments: values, pid, tid }
      : { kind: 'printf', host, unixNs, text, event, arguments: values, pid, tid };
  }

  #text(
    schema: EventSchema & { readonly format: string; readonly arguments: readonly EventField[] },
    values: readonly Value[],
  ): string {
    let format = this.#formats.get(schema);
    if (format === undefined) this.#formats.set(schema, (format = parseFormat(schema.format)));
    const types = schema.arguments.map((field) => field.type);
    return formatPrintf(format, this.#filtered(values), types);
  }

  #filtered(values: readonly Value[]): readonly Value[] {
    return this.#filter === unfiltered
      ? values
      : values.map((value) => filtered(value, this.#filter));
  }
}

function filtered(value: Value, filter: TextFilter): Value {
  if (typeof value === 'string') return filter(value);
  return Array.isArray(value) ? value.map((part: Value) => filtered(part, filter)) : value;
}

/** The first empty string ends the list. */
function joinText(separator: string, values: readonly Value[]): string {
  const end = values.indexOf('');
  return (end === -1 ? values : values.slice(0, end)).join(separator);
}
