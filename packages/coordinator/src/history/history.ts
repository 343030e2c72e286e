/**
 * Sessions read back from the store alone. A result is made by feeding what the store has through the same view that
 * made it live, so that both cannot differ.
 */
import {
  decodeJson,
  FleetView,
  type AuditEntry,
  type AuditFilter,
  type DiffAnswer,
  type DiffQuestion,
  type ExportHead,
  type HeatmapAnswer,
  type HeatmapQuestion,
  type HistoryEvent,
  type HistoryFilter,
  type HistoryPoint,
  type HistoryResult,
  type HistorySpan,
  type KeptTable,
  type OutliersAnswer,
  type OutliersQuestion,
  type OutputItem,
  type Page,
  type PageOptions,
  type RunRequest,
  type Schema,
  type SessionInfo,
  type ShowOptions,
  type TimelineItem,
  type TimelineRequest,
  type TopAnswer,
  type TopQuestion,
} from '@bpfleet/protocol';
import type { StoreReader } from '../store/reader.ts';
import { isTextKind } from '../store/text-kind.ts';
import { readAudit } from './audit.ts';
import { answerDiff, answerDiffAt } from './diff.ts';
import { findSession, HistoryFault, type KnownSession } from './find-session.ts';
import { answerHeatmap } from './heatmap.ts';
import { mapsOf } from './map-scope.ts';
import { answerOutliers } from './outliers.ts';
import { fieldNamesOf, readEvents, readPoints, readSpans } from './pages.ts';
import { among, correlatedOutput } from './correlated-output.ts';
import { ALL_TIME, EVENTS_WITHIN, lastPrinted, type PrintedRange } from './printed-range.ts';
import { readRetention } from './retention.ts';
import { conditionsOf } from './session-filter.ts';
import { SESSION_COLUMNS, sessionOf, type SessionRow } from './session-row.ts';
import { rangeParameters, readStoredFrames, type MapWindow } from './stored-frames.ts';
import { openTimeline } from './timeline.ts';
import { answerTop } from './top.ts';

const DEFAULT_SESSIONS = 50;
/** A terminal's worth and more; the rest can be exported. */
const DEFAULT_LINES = 10_000;

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
  readonly #reader: StoreReader;

  constructor(reader: StoreReader) {
    this.#reader = reader;
  }

  /** Newest first. */
  async list(filter: HistoryFilter): Promise<readonly SessionInfo[]> {
    const { sql, parameters } = conditionsOf(filter);
    const rows = await this.#reader.rows<SessionRow>(
      `SELECT ${SESSION_COLUMNS} FROM sessions FINAL WHERE ${sql}
       ORDER BY sessions.created_at DESC, id LIMIT {limit:UInt32}`,
      { ...parameters, limit: filter.limit ?? DEFAULT_SESSIONS },
    );
    return rows.map(sessionOf);
  }

  /** @throws {HistoryFault} where `name` is not one session's */
  async find(name: string): Promise<KnownSession> {
    const id = await findSession(this.#reader, name);
    const [row] = await this.#reader.rows<SessionRow & { readonly schemas: string }>(
      `SELECT ${SESSION_COLUMNS}, schemas FROM sessions FINAL WHERE id = {id:String}`,
      { id },
    );
    if (row === undefined) throw new HistoryFault('not-found', `no session ${id} in the history`);
    return {
      session: sessionOf(row),
      schemas: decodeJson(row.schemas) as Readonly<Record<string, Schema>>,
    };
  }

  /** What makes the same session again. @throws {HistoryFault} where that is not known */
  async request(name: string): Promise<RunRequest> {
    const id = await findSession(this.#reader, name);
    const [row] = await this.#reader.rows<{ readonly request: string }>(
      'SELECT request FROM sessions FINAL WHERE id = {id:String}',
      { id },
    );
    if (row === undefined || row.request === '') {
      throw new HistoryFault(
        'invalid',
        `session ${id} was stored by a version that did not keep what was asked for: its program can be run with "bpfleet run"`,
      );
    }
    return decodeJson(row.request) as RunRequest;
  }

  /** What the store's tables take, the largest first, and for how long their rows are kept. */
  async retention(): Promise<readonly KeptTable[]> {
    return readRetention(this.#reader);
  }

  /** Who did what. */
  async audit(filter: AuditFilter): Promise<readonly AuditEntry[]> {
    return readAudit(this.#reader, filter);
  }

  async exportHead(name: string): Promise<ExportHead> {
    const { session, schemas } = await this.find(name);
    return { session, fields: fieldNamesOf(schemas), maps: mapsOf(schemas) };
  }

  /** Pages of all that is stored. */
  async events(name: string, options: PageOptions): Promise<Page<HistoryEvent>> {
    return readEvents(this.#reader, await this.find(name), options);
  }

  async spans(name: string, options: PageOptions): Promise<Page<HistorySpan>> {
    return readSpans(this.#reader, await this.find(name), options);
  }

  async points(name: string, options: PageOptions): Promise<Page<HistoryPoint>> {
    return readPoints(this.#reader, await this.find(name), options);
  }

  /** These four throw {HistoryFault} where what they are about is not there, or cannot be asked so. */
  async top(name: string, question: TopQuestion): Promise<TopAnswer> {
    return answerTop(this.#reader, await this.find(name), question);
  }

  async outliers(name: string, question: OutliersQuestion): Promise<OutliersAnswer> {
    return answerOutliers(this.#reader, await this.find(name), question);
  }

  async heatmap(name: string, question: HeatmapQuestion): Promise<HeatmapAnswer> {
    return answerHeatmap(this.#reader, await this.find(name), question);
  }

  async diff(name: string, question: DiffQuestion): Promise<DiffAnswer> {
    const known = await this.find(name);
    const { other, atNs, map } = question;
    if (atNs !== undefined && other === undefined) {
      return answerDiffAt(this.#reader, known, { ...question, atNs });
    }
    if (other === undefined || atNs !== undefined) {
      throw new HistoryFault(
        'invalid',
        'name a second session, or a moment in the first, not both',
      );
    }
    return answerDiff(this.#reader, known, await this.find(other), map);
  }

  /** @throws {HistoryFault} where it cannot begin */
  async timeline(request: TimelineRequest): Promise<AsyncGenerator<TimelineItem>> {
    return openTimeline(this.#reader, this, request);
  }

  /** @throws {HistoryFault} where `name` is not one session's, or there is no such window */
  async show(name: string, options: ShowOptions = {}): Promise<HistoryResult> {
    const { session, schemas } = await this.find(name);
    const [first] = Object.values(schemas);
    if (first === undefined) return { session, output: [], maps: [] };
    const { windowAtNs, fromNs = ALL_TIME.fromNs, toNs = ALL_TIME.toNs } = options;
    const window = windowAtNs === undefined ? options.window : { atNs: windowAtNs };
    const range = { fromNs, toNs };
    const printed =
      window === undefined
        ? await lastPrinted(this.#reader, session.id, range, options.lines ?? DEFAULT_LINES)
        : undefined;
    const frames = await readStoredFrames(this.#reader, session.id, {
      ...(window !== undefined && { window }),
      ...(printed !== undefined && { printed }),
    });
    const merge = options.byHost === true ? 'host' : session.merge;
    const view = new FleetView(first, { fleet: true, merge });
    for (const [hash, schema] of Object.entries(schemas)) view.addSchema(hash, schema);
    // Prints of all hosts that took part belong together.
    const { length: selected } = session.coverage.hosts;
    view.setLiveHosts(new Set(frames.map(({ header }) => header.host)), selected);
    for (const { header, frame } of frames) view.apply(header, frame);
    const maps = view.maps();
    if (printed === undefined) {
      if (maps.length === 0) throw await this.#noWindow(session.id, window);
      return { session, output: [], maps };
    }
    const events = await this.#events(session.id, printed);
    const correlated = await correlatedOutput(this.#reader, this, session, printed);
    const { omitted } = printed;
    return {
      session,
      output: interleaved(among(events, correlated), view),
      maps,
      ...(omitted !== undefined && { omitted }),
    };
  }

  async #noWindow(session: string, window: MapWindow | undefined): Promise<HistoryFault> {
    const [row] = await this.#reader.rows<{
      readonly windows: number;
      readonly known: string;
      readonly first: string;
      readonly ended: string;
    }>(
      `SELECT max(window) AS windows, count() AS known, min(at) AS first, max(at) AS ended
       FROM map_points WHERE session = {session:String} AND NOT deleted`,
      { session },
    );
    const at = typeof window === 'object';
    const has =
      row === undefined || row.known === '0'
        ? 'its maps hold nothing'
        : at
          ? `its maps are known from ${row.first} to ${row.ended}`
          : row.windows === 0
            ? 'its maps have window 0 only'
            : `its maps have windows 0 to ${row.windows}`;
    const what = at ? 'a window at that moment' : `window ${window}`;
    return new HistoryFault('not-found', `session ${session} has nothing in ${what}: ${has}`);
  }

  async #events(session: string, range: PrintedRange): Promise<readonly OutputItem[]> {
    const rows = await this.#reader.rows<EventRow>(
      `SELECT host, kind, text, pid, tid, toUnixTimestamp64Nano(at) AS unix_ns, item
       FROM events WHERE session = {session:String} AND ${EVENTS_WITHIN}
       ORDER BY at, host, epoch, sequence, index_in_frame`,
      { session, ...rangeParameters(range) },
    );
    return rows.map(eventOf);
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
  const output: OutputItem[] = [];
  for (const event of events) {
    if ('unixNs' in event && event.unixNs !== undefined) output.push(...view.release(event.unixNs));
    output.push(event);
  }
  return [...output, ...view.flush()];
}
