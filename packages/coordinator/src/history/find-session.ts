/** The session that somebody means: by its id, or by the beginning of one that no other has, as git does. */
import type { Schema, SessionInfo } from '@bpfleet/protocol';
import type { StoreReader } from '../store/reader.ts';

/** What is asked for cannot be had, and the message says what to do. */
export class HistoryFault extends Error {
  override readonly name = 'HistoryFault';
  readonly kind: 'not-found' | 'ambiguous' | 'invalid';

  constructor(kind: HistoryFault['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A session with what its hosts' data is read with. */
export interface KnownSession {
  readonly session: SessionInfo;
  readonly schemas: Readonly<Record<string, Schema>>;
}

const MAX_NAMED = 5;

/** @throws {HistoryFault} where no session, or more than one, is meant */
export async function findSession(reader: StoreReader, name: string): Promise<string> {
  const rows =
    name === ''
      ? []
      : await reader.rows<{ readonly id: string }>(
          `SELECT DISTINCT id FROM sessions WHERE startsWith(id, {name:String}) ORDER BY id LIMIT {limit:UInt32}`,
          { name, limit: MAX_NAMED + 1 },
        );
  const ids = rows.map(({ id }) => id);
  if (ids.includes(name)) return name;
  const [only] = ids;
  if (only === undefined) {
    throw new HistoryFault('not-found', `no session ${name}: "bpfleet history ls" lists all`);
  }
  if (ids.length === 1) return only;
  const some = ids.slice(0, MAX_NAMED).join(', ') + (ids.length > MAX_NAMED ? ', …' : '');
  throw new HistoryFault('ambiguous', `${name} is the beginning of several sessions: ${some}`);
}
