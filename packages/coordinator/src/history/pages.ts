/** Everything that a session printed, spanned and counted, page by page: exports read it without holding it. */
import {
  eventFields,
  type HistoryEvent,
  type HistoryPoint,
  type HistorySpan,
  type Page,
  type PageOptions,
  type Schema,
} from '@bpfleet/protocol';
import type { Parameters, StoreReader } from '../store/reader.ts';
import { argumentPlaces } from '../store/typed-arguments.ts';
import { bucketsOf } from './buckets.ts';
import { cursorOf, readCursor } from './cursor.ts';
import type { KnownSession } from './find-session.ts';
import { ALL_TIME, EVENTS_WITHIN } from './printed-range.ts';
import { rangeParameters } from './stored-frames.ts';

const DEFAULT_LIMIT = 10_000;

interface EventRow {
  readonly ns: string;
  readonly host: string;
  readonly epoch: string;
  readonly sequence: string;
  readonly index_in_frame: number;
  readonly kind: string;
  readonly event: number;
  readonly text: string;
  readonly arguments: readonly string[];
  readonly numbers: readonly string[];
  readonly texts: readonly string[];
  readonly pid: number;
  readonly tid: number;
  readonly schema_hash: string;
}

/** In order of time. */
export async function readEvents(
  reader: StoreReader,
  { session, schemas }: KnownSession,
  options: PageOptions,
): Promise<Page<HistoryEvent>> {
  const after = options.after === undefined ? undefined : readCursor(options.after, 5);
  const rows = await reader.rows<EventRow>(
    `SELECT toUnixTimestamp64Nano(at) AS ns, host, epoch, sequence, index_in_frame, kind, event, text,
       arguments, numbers, texts, pid, tid, schema_hash
     FROM events WHERE session = {session:String} AND ${EVENTS_WITHIN}${hostCondition(options)}${
       after === undefined
         ? ''
         : ` AND (at, host, epoch, sequence, index_in_frame) >
             (fromUnixTimestamp64Nano({a0:Int64}), {a1:String}, {a2:UInt64}, {a3:UInt64}, {a4:UInt32})`
     }
     ORDER BY at, host, epoch, sequence, index_in_frame LIMIT {limit:UInt32}`,
    {
      ...parametersOf(session.id, options, after),
      // Rows before the last page need not be read.
      ...(after !== undefined && { from: after[0] }),
    },
  );
  const fieldsOf = fieldReader(schemas);
  return page(rows, options, eventOf, (row) => [
    row.ns,
    row.host,
    row.epoch,
    row.sequence,
    String(row.index_in_frame),
  ]);

  function eventOf(row: EventRow): HistoryEvent {
    const { host, kind, pid, tid, text } = row;
    return { atNs: BigInt(row.ns), host, pid, tid, kind, text, ...fieldsOf(row) };
  }
}

/** The names of all arguments, each once, in the order of the program. */
export function fieldNamesOf(schemas: Readonly<Record<string, Schema>>): readonly string[] {
  const events = Object.values(schemas).flatMap(({ events }) => events);
  return [...new Set(events.flatMap(namesOf))];
}

type Told = Pick<HistoryEvent, 'probes' | 'fields'>;

function fieldReader(schemas: Readonly<Record<string, Schema>>): (row: EventRow) => Told {
  return (row) => {
    const event = schemas[row.schema_hash]?.events[row.event];
    if (event === undefined) {
      // Rows of earlier versions.
      const named = row.arguments.map((text, index) => [`arg${index + 1}`, text] as const);
      return { probes: [], fields: Object.fromEntries(named) };
    }
    const places = argumentPlaces(eventFields(event));
    const values = namesOf(event).flatMap((name, index) => {
      const place = places[index];
      return place === undefined ? [] : [[name, valueAt(row, place)] as const];
    });
    const probes = 'probes' in event ? (event.probes ?? []) : [];
    return { probes, fields: Object.fromEntries(values) };
  };
}

function namesOf(event: Schema['events'][number]): readonly string[] {
  return 'names' in event ? (event.names ?? []) : [];
}

function valueAt(
  { numbers, texts }: EventRow,
  { kind, place }: ReturnType<typeof argumentPlaces>[number],
): bigint | boolean | string {
  if (kind === 'text') return texts[place - 1] ?? '';
  const value = BigInt(numbers[place - 1] ?? 0);
  if (kind === 'boolean') return value !== 0n;
  return kind === 'unsigned' ? BigInt.asUintN(64, value) : value;
}

interface SpanRow {
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly tid: number;
  readonly enter_ns: string;
  readonly duration_ns: string;
  readonly enter_fields: Readonly<Record<string, string>>;
  readonly exit_fields: Readonly<Record<string, string>>;
  readonly epoch: string;
  readonly sequence: string;
  readonly index_in_frame: number;
}

export async function readSpans(
  reader: StoreReader,
  { session }: KnownSession,
  options: PageOptions,
): Promise<Page<HistorySpan>> {
  const after = options.after === undefined ? undefined : readCursor(options.after, 6);
  const order =
    'toString(name), toString(host), toUnixTimestamp64Nano(enter_at), epoch, sequence, index_in_frame';
  const rows = await reader.rows<SpanRow>(
    `SELECT name, host, pid, tid, toUnixTimestamp64Nano(enter_at) AS enter_ns, duration_ns, enter_fields, exit_fields,
       epoch, sequence, index_in_frame
     FROM spans FINAL WHERE session = {session:String}
       AND enter_at >= fromUnixTimestamp64Nano({from:Int64}) AND enter_at < fromUnixTimestamp64Nano({to:Int64})
       ${hostCondition(options)}${
         after === undefined
           ? ''
           : ` AND (${order}) > ({a0:String}, {a1:String}, {a2:Int64}, {a3:UInt64}, {a4:UInt64}, {a5:UInt32})`
       }
     ORDER BY ${order} LIMIT {limit:UInt32}`,
    parametersOf(session.id, options, after),
  );
  return page(
    rows,
    options,
    ({ name, host, pid, tid, ...row }) => ({
      name,
      host,
      pid,
      tid,
      enterNs: BigInt(row.enter_ns),
      durationNs: BigInt(row.duration_ns),
      fields: { ...row.enter_fields, ...row.exit_fields },
    }),
    (row) => [
      row.name,
      row.host,
      row.enter_ns,
      row.epoch,
      row.sequence,
      String(row.index_in_frame),
    ],
  );
}

interface PointRow {
  readonly host: string;
  readonly map: string;
  readonly epoch: string;
  readonly window: number;
  readonly key_id: string;
  readonly key: string;
  readonly ns: string;
  readonly kind: string;
  readonly count: string;
  readonly total: string;
  readonly extreme: string;
  readonly text: string;
  readonly buckets: Readonly<Record<string, string>>;
}

/** The last value of each key in each window, in the order of maps, hosts and windows. */
export async function readPoints(
  reader: StoreReader,
  { session }: KnownSession,
  options: PageOptions,
): Promise<Page<HistoryPoint>> {
  const after = options.after === undefined ? undefined : readCursor(options.after, 5);
  const order = 'map, host, epoch, window, key_id';
  const rows = await reader.rows<PointRow>(
    `SELECT host, map, epoch, window, key_id, key, toUnixTimestamp64Nano(at) AS ns, kind, count, total, extreme,
       text, buckets
     FROM map_points FINAL WHERE session = {session:String} AND NOT deleted${hostCondition(options)}${
       options.map === undefined ? '' : ' AND map = {map:String}'
     }${
       after === undefined
         ? ''
         : ` AND (${order}) > ({a0:String}, {a1:String}, {a2:UInt64}, {a3:UInt32}, {a4:String})`
     }
     ORDER BY ${order} LIMIT {limit:UInt32}`,
    {
      ...parametersOf(session.id, options, after),
      ...(options.map !== undefined && { map: options.map }),
    },
  );
  return page(
    rows,
    options,
    ({ host, map, key, window, kind, text, ...row }) => ({
      host,
      map,
      key,
      window,
      atNs: BigInt(row.ns),
      kind,
      count: BigInt(row.count),
      total: BigInt(row.total),
      extreme: BigInt(row.extreme),
      text,
      buckets: bucketsOf(row.buckets),
    }),
    (row) => [row.map, row.host, row.epoch, String(row.window), row.key_id],
  );
}

function page<Row, Item>(
  rows: readonly Row[],
  { limit = DEFAULT_LIMIT }: PageOptions,
  itemOf: (row: Row) => Item,
  endOf: (row: Row) => readonly string[],
): Page<Item> {
  const last = rows.at(-1);
  const more = last !== undefined && rows.length === limit;
  return { items: rows.map(itemOf), ...(more && { next: cursorOf(endOf(last)) }) };
}

function hostCondition({ host }: PageOptions): string {
  return host === undefined ? '' : ' AND host = {host:String}';
}

function parametersOf(
  session: string,
  options: PageOptions,
  after: readonly string[] | undefined,
): Parameters {
  const { fromNs = ALL_TIME.fromNs, toNs = ALL_TIME.toNs, host, limit = DEFAULT_LIMIT } = options;
  return {
    session,
    limit,
    ...rangeParameters({ fromNs, toNs }),
    ...(host !== undefined && { host }),
    ...Object.fromEntries((after ?? []).map((value, index) => [`a${index}`, value])),
  };
}
