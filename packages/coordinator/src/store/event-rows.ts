/** Events of a frame as rows of `events`. */
import {
  decodeEvent,
  encodeJson,
  eventFields,
  valueText,
  type EventItems,
  type FrameCorrelation,
  type NameLookup,
  type OutputItem,
} from '@bpfleet/protocol';
import type { Row } from './batch-writer.ts';
import { dateTime64, int64 } from './column-text.ts';
import type { RecordedFrame } from './recorded-frame.ts';
import { isTextKind } from './text-kind.ts';
import { typedArguments, type TypedArguments } from './typed-arguments.ts';

interface TypedEvent {
  readonly item: OutputItem;
  readonly unixNs: bigint;
  /** Place in `Schema.events`. */
  readonly event: number;
  readonly typed: TypedArguments;
}

const NO_ARGUMENTS: TypedArguments = { numbers: [], texts: [] };

/** What events are read with. */
export interface EventReading {
  readonly items: EventItems;
  /** Of the runner that sent the frame. */
  readonly names: NameLookup;
  /** Hears of each event. */
  readonly correlation: FrameCorrelation;
}

export function eventRows(recorded: RecordedFrame, reading: EventReading): Row[] {
  const { header, streamSequence } = recorded;
  return eventsOf(recorded, reading).map(({ item, unixNs, event, typed }, index) => [
    header.session,
    header.host,
    header.epoch,
    header.sequence,
    index,
    dateTime64(unixNs),
    int64(header.bootToUnixNs),
    item.kind,
    event,
    textOf(item),
    typed.numbers,
    typed.texts,
    'pid' in item ? (item.pid ?? 0) : 0,
    'tid' in item ? (item.tid ?? 0) : 0,
    itemJson(item),
    header.schemaHash,
    streamSequence,
  ]);
}

function eventsOf(
  { header, frame, schema }: RecordedFrame,
  { items, names, correlation }: EventReading,
): readonly TypedEvent[] {
  const { host, bootToUnixNs } = header;
  if (frame.kind === 'output') {
    const { event, nsecs, text } = frame;
    const kind = schema.events[event]?.kind;
    if (kind !== 'system' && kind !== 'cat') return [];
    const unixNs = nsecs + bootToUnixNs;
    return [{ item: { kind, host, unixNs, text }, unixNs, event, typed: NO_ARGUMENTS }];
  }
  if (frame.kind !== 'events') return [];
  const options = { bootToUnixNs, truncationTrailer: schema.output.truncationTrailer };
  let index = 0;
  return frame.records.flatMap((record) => {
    const decoded = decodeEvent(schema, record, names, options);
    if (decoded.kind === 'malformed') return [];
    const unixNs = decoded.header.nsecs + bootToUnixNs;
    const item = items.itemOf(decoded, { host, unixNs });
    if (item === undefined) return [];
    correlation.event(header, schema, decoded, item, index);
    index += 1;
    const typed = typedArguments(eventFields(decoded.schema), decoded.arguments);
    return [{ item, unixNs, event: decoded.header.event, typed }];
  });
}

/** Empty where the other columns say it all, which is so for what comes by the million. */
function itemJson(item: OutputItem): string {
  return isTextKind(item.kind) ? '' : encodeJson(item);
}

function textOf(item: OutputItem): string {
  switch (item.kind) {
    case 'printf':
    case 'time':
    case 'join':
    case 'system':
    case 'cat':
      return item.text;
    case 'value':
      return valueText(item.type, item.value);
    case 'errorf':
    case 'warnf':
    case 'runtime-error':
      return item.message;
    case 'helper-error':
      return `${item.helper}: ${item.code}`;
    case 'lost-events':
      return String(item.count);
    case 'map':
    case 'span':
    case 'pair':
    case 'test-result':
    case 'benchmark-result':
    case 'attached-probes':
      return '';
  }
}
