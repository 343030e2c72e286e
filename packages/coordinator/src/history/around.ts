/** Which part of a timeline is near an event or a moment. */
import { parseReference, type TimelineRequest } from '@bpfleet/protocol';
import type { StoreReader } from '../store/reader.ts';
import { HistoryFault } from './find-session.ts';
import { filterConditions, filterParameters, type EventFilter } from './stored-events.ts';

export interface Centre {
  readonly filter: EventFilter;
  /** The event that is asked about. */
  readonly reference: string | undefined;
  /** Further sessions that printed there. */
  readonly more: readonly string[];
}

interface CentreRow {
  readonly unix_ns: string;
  readonly pid: number;
}

const MAX_SESSIONS = 100;

/** @throws {HistoryFault} where there is no such event */
export async function centreOf(
  reader: StoreReader,
  sessions: readonly string[],
  { around, host, pid, tid, fromNs, toNs }: TimelineRequest,
): Promise<Centre> {
  const asked: EventFilter = {
    ...(host !== undefined && { host }),
    ...(pid !== undefined && { pid }),
    ...(tid !== undefined && { tid }),
  };
  if (around === undefined) {
    const range = { ...(fromNs !== undefined && { fromNs }), ...(toNs !== undefined && { toNs }) };
    return { filter: { ...asked, ...range }, reference: undefined, more: [] };
  }
  const { event, widen, withinNs } = around;
  const own = event === undefined ? undefined : await eventNamed(reader, sessions, event);
  const atNs = own?.atNs ?? around.atNs;
  if (atNs === undefined) throw new HistoryFault('invalid', 'around what? a time or an event');
  const place: EventFilter =
    own === undefined || widen === 'hosts'
      ? {}
      : { host: own.host, ...(widen !== 'pids' && { pid: own.pid }) };
  const filter = { ...place, ...asked, fromNs: atNs - withinNs, toNs: atNs + withinNs + 1n };
  const more = around.allSessions === true ? await sessionsThere(reader, filter) : [];
  return { filter, reference: event, more: more.filter((id) => !sessions.includes(id)) };
}

async function eventNamed(
  reader: StoreReader,
  sessions: readonly string[],
  text: string,
): Promise<{ readonly host: string; readonly pid: number; readonly atNs: bigint }> {
  const reference = parseReference(text);
  if (reference === undefined) {
    throw new HistoryFault(
      'invalid',
      `not an event: ${text} ("bpfleet timeline --json" names each: HOST/EPOCH/SEQUENCE/INDEX)`,
    );
  }
  const { host, epoch, sequence, index } = reference;
  const [row] = await reader.rows<CentreRow>(
    `SELECT toUnixTimestamp64Nano(at) AS unix_ns, pid FROM events
     WHERE session IN {sessions:Array(String)} AND host = {host:String} AND epoch = {epoch:UInt64}
       AND sequence = {sequence:UInt64} AND index_in_frame = {index:UInt32} LIMIT 1`,
    { sessions, host, epoch, sequence, index },
  );
  if (row === undefined) {
    throw new HistoryFault('not-found', `session ${sessions.join(', ')} has no event ${text}`);
  }
  return { host, pid: row.pid, atNs: BigInt(row.unix_ns) };
}

async function sessionsThere(reader: StoreReader, filter: EventFilter): Promise<readonly string[]> {
  const rows = await reader.rows<{ readonly session: string }>(
    `SELECT DISTINCT session FROM events WHERE ${filterConditions(filter).join(' AND ')}
     ORDER BY session LIMIT {sessions:UInt32}`,
    { ...filterParameters(filter), sessions: MAX_SESSIONS },
  );
  return rows.map(({ session }) => session);
}
