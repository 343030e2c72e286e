/** Events of one session out of the store, in order of time, a page at a time. */
import {
  eventFields,
  fieldNames,
  type CorrelatedEvent,
  type Fields,
  type FieldValue,
  type Schema,
} from '@bpfleet/protocol';
import type { Parameters, StoreReader } from '../store/reader.ts';
import { argumentPlaces } from '../store/typed-arguments.ts';
import { ALL_TIME, EVENTS_WITHIN } from './printed-range.ts';

const PAGE_ROWS = 10_000;

export interface EventFilter {
  readonly host?: string;
  readonly pid?: number;
  readonly tid?: number;
  /** Unix nanoseconds. */
  readonly fromNs?: bigint;
  readonly toNs?: bigint;
}

interface EventRow {
  readonly host: string;
  readonly epoch: string;
  readonly sequence: string;
  readonly index_in_frame: number;
  readonly unix_ns: string;
  readonly boot_to_unix_ns: string;
  readonly event: number;
  readonly text: string;
  readonly numbers: readonly string[];
  readonly texts: readonly string[];
  readonly pid: number;
  readonly tid: number;
  readonly schema_hash: string;
}

export interface StoredEvent {
  /** Its fleet time is that of its session. */
  readonly event: CorrelatedEvent;
  /** What its session added to the boot clock; 0 where that was not kept. */
  readonly bootToFleetNs: bigint;
  readonly schema: Schema | undefined;
}

export interface EventSource {
  readonly session: string;
  readonly schemas: Readonly<Record<string, Schema>>;
  /** By host, bound of its clock's error. */
  readonly clocks: Readonly<Record<string, number>>;
}

/** In order of time, and within a host in the order in which they were sent. */
export async function* storedEvents(
  reader: StoreReader,
  source: EventSource,
  filter: EventFilter,
): AsyncGenerator<StoredEvent> {
  let last: EventRow | undefined;
  do {
    const rows: readonly EventRow[] = await page(reader, source.session, filter, last);
    for (const row of rows) yield eventOf(row, source);
    last = rows.length < PAGE_ROWS ? undefined : rows.at(-1);
  } while (last !== undefined);
}

/** Of a host or a thread, and of a time. */
export function filterConditions({ host, pid, tid }: EventFilter): readonly string[] {
  return [
    EVENTS_WITHIN,
    ...(host === undefined ? [] : ['host = {host:String}']),
    ...(pid === undefined ? [] : ['pid = {pid:UInt32}']),
    ...(tid === undefined ? [] : ['tid = {tid:UInt32}']),
  ];
}

export function filterParameters({ host, pid, tid, fromNs, toNs }: EventFilter): Parameters {
  return {
    from: String(fromNs ?? ALL_TIME.fromNs),
    to: String(toNs ?? ALL_TIME.toNs),
    ...(host !== undefined && { host }),
    ...(pid !== undefined && { pid }),
    ...(tid !== undefined && { tid }),
  };
}

async function page(
  reader: StoreReader,
  session: string,
  filter: EventFilter,
  after: EventRow | undefined,
): Promise<readonly EventRow[]> {
  const conditions = ['session = {session:String}', ...filterConditions(filter)];
  const parameters = { session, rows: PAGE_ROWS, ...filterParameters(filter) };
  if (after !== undefined) {
    conditions.push(`(toUnixTimestamp64Nano(at), host, epoch, sequence, index_in_frame) >
      ({from:Int64}, {afterHost:String}, {afterEpoch:UInt64}, {afterSequence:UInt64}, {afterIndex:UInt32})`);
  }
  return reader.rows<EventRow>(
    `SELECT host, epoch, sequence, index_in_frame, toUnixTimestamp64Nano(at) AS unix_ns, boot_to_unix_ns,
       event, text, numbers, texts, pid, tid, schema_hash
     FROM events WHERE ${conditions.join(' AND ')}
     ORDER BY at, host, epoch, sequence, index_in_frame LIMIT {rows:UInt32}`,
    after === undefined
      ? parameters
      : {
          ...parameters,
          from: after.unix_ns,
          afterHost: after.host,
          afterEpoch: after.epoch,
          afterSequence: after.sequence,
          afterIndex: after.index_in_frame,
        },
  );
}

function eventOf(row: EventRow, { session, schemas, clocks }: EventSource): StoredEvent {
  const { host, event, pid, tid, text } = row;
  const unixNs = BigInt(row.unix_ns);
  const bootToFleetNs = BigInt(row.boot_to_unix_ns);
  const schema = schemas[row.schema_hash] ?? Object.values(schemas)[0];
  const kind = schema?.events[event];
  const probes = kind !== undefined && 'probes' in kind ? (kind.probes ?? []) : [];
  return {
    event: {
      ...{ session, host, pid, tid, event, probes, text, unixNs },
      epoch: Number(row.epoch),
      sequence: Number(row.sequence),
      index: row.index_in_frame,
      hostNs: unixNs - bootToFleetNs,
      errorNs: clocks[host] ?? 0,
      fields: kind === undefined ? {} : fieldsOf(kind, row),
    },
    bootToFleetNs,
    schema,
  };
}

function fieldsOf(kind: Schema['events'][number], { numbers, texts }: EventRow): Fields {
  const places = argumentPlaces(eventFields(kind));
  const value = (index: number): FieldValue => {
    const { kind: type = 'text', place = 0 } = places[index] ?? {};
    if (type === 'text') return texts[place - 1] ?? '';
    const number = BigInt(numbers[place - 1] ?? 0);
    if (type === 'boolean') return number !== 0n;
    return type === 'unsigned' ? BigInt.asUintN(64, number) : number;
  };
  return Object.fromEntries(fieldNames(kind).map((name, index) => [name, value(index)]));
}
