/**
 * Sessions read back from the store alone. A result is made by feeding what the store has through the same view that
 * made it live, so that both cannot differ.
 */
import {
  decodeJson,
  FleetView,
  type Coverage,
  type HistoryResult,
  type MergeMode,
  type OutputItem,
  type Schema,
  type Selector,
  type SessionInfo,
  type SessionState,
} from '@bpfleet/protocol';
import type { ClickHouseClient } from '@clickhouse/client';
import { readStoredFrames } from './stored-frames.ts';
import { isTextKind } from './text-kind.ts';

/** A terminal's worth and more; the rest can be had by SQL. */
const MAX_OUTPUT = 100_000;

const SESSION_COLUMNS = `id, program, source_name, selector, merge, state,
  toUnixTimestamp64Milli(created_at) AS created, toUnixTimestamp64Milli(started_at) AS started,
  toUnixTimestamp64Milli(ended_at) AS ended, exit_code, coverage`;

interface SessionRow {
  readonly id: string;
  readonly program: string;
  readonly source_name: string;
  readonly selector: string;
  readonly merge: string;
  readonly state: string;
  readonly created: string;
  readonly started: string | null;
  readonly ended: string | null;
  readonly exit_code: number | null;
  readonly coverage: string;
}

interface EventRow {
  readonly host: string;
  readonly kind: string;
  readonly text: string;
  readonly pid: number;
  readonly tid: number;
  readonly unix_ns: string;
  readonly item: string;
}

export class History {
  readonly #client: ClickHouseClient;

  constructor(client: ClickHouseClient) {
    this.#client = client;
  }

  /** Newest first. */
  async list(limit: number): Promise<readonly SessionInfo[]> {
    const rows = await this.#rows<SessionRow>(
      `SELECT ${SESSION_COLUMNS} FROM sessions FINAL ORDER BY created_at DESC, id LIMIT {limit:UInt32}`,
      { limit },
    );
    return rows.map(sessionOf);
  }

  async show(id: string): Promise<HistoryResult | undefined> {
    const [row] = await this.#rows<SessionRow & { readonly schemas: string }>(
      `SELECT ${SESSION_COLUMNS}, schemas FROM sessions FINAL WHERE id = {id:String}`,
      { id },
    );
    if (row === undefined) return undefined;
    const session = sessionOf(row);
    const schemas = decodeJson(row.schemas) as Readonly<Record<string, Schema>>;
    const [first] = Object.values(schemas);
    if (first === undefined) return { session, output: [], maps: [] };
    const frames = await readStoredFrames(this.#client, id);
    const view = new FleetView(first, { fleet: true, merge: session.merge });
    for (const [hash, schema] of Object.entries(schemas)) view.addSchema(hash, schema);
    // Prints of all hosts that took part belong together.
    const { length: selected } = session.coverage.hosts;
    view.setLiveHosts(new Set(frames.map(({ header }) => header.host)), selected);
    for (const { header, frame } of frames) view.apply(header, frame);
    return { session, output: interleaved(await this.#events(id), view), maps: view.maps() };
  }

  async #events(id: string): Promise<readonly OutputItem[]> {
    const rows = await this.#rows<EventRow>(
      `SELECT host, kind, text, pid, tid, toUnixTimestamp64Nano(at) AS unix_ns, item
       FROM events WHERE session = {id:String}
       ORDER BY at, host, epoch, sequence, index_in_frame LIMIT {limit:UInt32}`,
      { id, limit: MAX_OUTPUT },
    );
    return rows.map(eventOf);
  }

  async #rows<Row>(query: string, query_params: Record<string, unknown>): Promise<readonly Row[]> {
    const result = await this.#client.query({ query, query_params, format: 'JSONEachRow' });
    return result.json<Row>();
  }
}

function eventOf({ host, kind, text, pid, tid, unix_ns, item }: EventRow): OutputItem {
  if (!isTextKind(kind)) return decodeJson(item) as OutputItem;
  const from = { kind, host, unixNs: BigInt(unix_ns), text };
  // What `system` and `cat` printed came from no thread of the program.
  return kind === 'system' || kind === 'cat' ? from : { ...from, pid, tid };
}

/** Events, in order of time, with the maps printed between them. */
function interleaved(events: readonly OutputItem[], view: FleetView): readonly OutputItem[] {
  // Nothing more comes: every print is as complete as it will be. The grace runs from the first call.
  view.expire(0);
  view.expire(Number.MAX_SAFE_INTEGER);
  const output = events.flatMap((event) =>
    'unixNs' in event ? [...view.release(event.unixNs), event] : [event],
  );
  return [...output, ...view.flush()];
}

function sessionOf(row: SessionRow): SessionInfo {
  return {
    id: row.id,
    program: row.program,
    sourceName: row.source_name,
    selector: decodeJson(row.selector) as Selector,
    merge: row.merge as MergeMode,
    state: row.state as SessionState,
    createdAtMs: Number(row.created),
    ...(row.started !== null && { startedAtMs: Number(row.started) }),
    ...(row.ended !== null && { endedAtMs: Number(row.ended) }),
    ...(row.exit_code !== null && { exitCode: row.exit_code }),
    coverage: decodeJson(row.coverage) as Coverage,
  };
}
