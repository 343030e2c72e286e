/** The coordinator's HTTP API, version 1, as functions. */
import {
  decodeJson,
  type AuditEntry,
  type AuditFilter,
  type CheckRequest,
  type CheckResult,
  type CoordinatorInfo,
  type CreatedToken,
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
  type HostInfo,
  type KeptTable,
  type LibraryProgram,
  type LibraryRequest,
  type LibraryRun,
  type OutliersAnswer,
  type OutliersQuestion,
  type Page,
  type PageOptions,
  type QueryResult,
  type RunRequest,
  type SessionInfo,
  type ShowOptions,
  type StreamItem,
  type TimelineItem,
  type TimelineRequest,
  type TokenInfo,
  type TokenRequest,
  type TopAnswer,
  type TopQuestion,
} from '@bpfleet/protocol';
import { ApiTransport, CoordinatorAwayError } from './api-transport.ts';
import type { Connection } from './config.ts';
import { linesOf } from './lines-of.ts';
import { serverEvents } from './server-events.ts';
import { UserError } from './terminal.ts';

export interface PageItems {
  readonly events: HistoryEvent;
  readonly spans: HistorySpan;
  readonly points: HistoryPoint;
}

/** A coordinator says something three times in this time, if only that it is there. */
const SILENT_AFTER_MS = 15_000;

/** All methods throw UserError when no coordinator can be reached or one refuses. */
export class ApiClient {
  readonly #transport: ApiTransport;

  constructor(connection: Connection) {
    this.#transport = new ApiTransport(connection);
  }

  /** Of the coordinator that answered last, or is asked first. */
  get url(): string {
    return this.#transport.url;
  }

  hosts(labels: Readonly<Record<string, string>>): Promise<readonly HostInfo[]> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(labels)) query.append('label', `${name}=${value}`);
    return this.#transport.json<readonly HostInfo[]>('GET', `/v1/hosts?${query.toString()}`);
  }

  /** With an `id` it can be asked twice. @throws ProgramRejectedError */
  run(request: RunRequest): Promise<SessionInfo> {
    return this.#transport.json<SessionInfo>('POST', '/v1/sessions', request);
  }

  /** @throws ProgramRejectedError where no host needs to be asked */
  check(request: CheckRequest): Promise<CheckResult> {
    return this.#transport.json<CheckResult>('POST', '/v1/check', request);
  }

  coordinators(): Promise<readonly CoordinatorInfo[]> {
    return this.#transport.json<readonly CoordinatorInfo[]>('GET', '/v1/coordinators');
  }

  sessions(): Promise<readonly SessionInfo[]> {
    return this.#transport.json<readonly SessionInfo[]>('GET', '/v1/sessions');
  }

  /** A running one, or one of the history. */
  session(id: string): Promise<SessionInfo> {
    return this.#transport.json<SessionInfo>('GET', `/v1/sessions/${encodeURIComponent(id)}`);
  }

  stop(id: string, who: string): Promise<SessionInfo> {
    const path = `/v1/sessions/${encodeURIComponent(id)}/stop${queryText({ who })}`;
    return this.#transport.json<SessionInfo>('POST', path);
  }

  history(filter: HistoryFilter): Promise<readonly SessionInfo[]> {
    const { sinceMs, untilMs, ...rest } = filter;
    const query = queryText({ since: sinceMs, until: untilMs, ...rest });
    return this.#transport.json<readonly SessionInfo[]>('GET', `/v1/history${query}`);
  }

  /** Ids of the history may be cut short while they are clear. */
  historyOf(id: string, options: ShowOptions = {}): Promise<HistoryResult> {
    const { fromNs, toNs, windowAtNs, ...rest } = options;
    const query = queryText({ from: fromNs, to: toNs, windowAt: windowAtNs, ...rest });
    return this.#transport.json<HistoryResult>(
      'GET',
      `/v1/history/${encodeURIComponent(id)}${query}`,
    );
  }

  /** What makes the same session again. */
  requestOf(id: string): Promise<RunRequest> {
    return this.#ofSession<RunRequest>(id, 'request', {});
  }

  /** Takes a session that is over out of the history. */
  remove(id: string, who: string): Promise<{ readonly id: string }> {
    const path = `/v1/history/${encodeURIComponent(id)}${queryText({ who })}`;
    return this.#transport.json<{ readonly id: string }>('DELETE', path);
  }

  retention(): Promise<readonly KeptTable[]> {
    return this.#transport.json<readonly KeptTable[]>('GET', '/v1/retention');
  }

  exportHead(id: string): Promise<ExportHead> {
    return this.#ofSession<ExportHead>(id, 'export', {});
  }

  /** All that is stored of a kind, page by page. */
  async *pages<Kind extends keyof PageItems>(
    id: string,
    kind: Kind,
    { fromNs, toNs, ...rest }: PageOptions,
  ): AsyncGenerator<readonly PageItems[Kind][]> {
    let after: string | undefined;
    do {
      const query = { ...rest, from: fromNs, to: toNs, after };
      const page = await this.#ofSession<Page<PageItems[Kind]>>(id, kind, query);
      yield page.items;
      after = page.next;
    } while (after !== undefined);
  }

  top(id: string, { fromNs, toNs, ...rest }: TopQuestion): Promise<TopAnswer> {
    return this.#ofSession(id, 'top', { from: fromNs, to: toNs, ...rest });
  }

  outliers(id: string, { fromNs, toNs, ...rest }: OutliersQuestion): Promise<OutliersAnswer> {
    return this.#ofSession(id, 'outliers', { from: fromNs, to: toNs, ...rest });
  }

  heatmap(id: string, { fromNs, toNs, ...rest }: HeatmapQuestion): Promise<HeatmapAnswer> {
    return this.#ofSession(id, 'heatmap', { from: fromNs, to: toNs, ...rest });
  }

  diff(id: string, { atNs, spanNs, ...rest }: DiffQuestion): Promise<DiffAnswer> {
    return this.#ofSession(id, 'diff', { at: atNs, span: spanNs, ...rest });
  }

  tokens(): Promise<readonly TokenInfo[]> {
    return this.#transport.json<readonly TokenInfo[]>('GET', '/v1/tokens');
  }

  createToken(request: TokenRequest): Promise<CreatedToken> {
    return this.#transport.json<CreatedToken>('POST', '/v1/tokens', request);
  }

  revokeToken(id: string): Promise<TokenInfo> {
    return this.#transport.json<TokenInfo>('DELETE', `/v1/tokens/${encodeURIComponent(id)}`);
  }

  /** Of each name the newest version. */
  library(): Promise<readonly LibraryProgram[]> {
    return this.#transport.json<readonly LibraryProgram[]>('GET', '/v1/library');
  }

  /** Newest first. */
  libraryVersions(name: string): Promise<readonly LibraryProgram[]> {
    return this.#ofLibrary<readonly LibraryProgram[]>('GET', name, '');
  }

  addToLibrary(name: string, request: LibraryRequest, who: string): Promise<LibraryProgram> {
    return this.#ofLibrary<LibraryProgram>('PUT', name, queryText({ who }), request);
  }

  removeFromLibrary(name: string, who: string): Promise<LibraryProgram> {
    return this.#ofLibrary<LibraryProgram>('DELETE', name, queryText({ who }));
  }

  runOfLibrary(name: string, run: LibraryRun): Promise<SessionInfo> {
    return this.#ofLibrary<SessionInfo>('POST', name, '/run', run);
  }

  #ofLibrary<Answer>(method: string, name: string, rest: string, body?: object): Promise<Answer> {
    const path = `/v1/library/${encodeURIComponent(name)}${rest}`;
    return this.#transport.json<Answer>(method, path, body);
  }

  audit({ sinceMs, untilMs, ...rest }: AuditFilter): Promise<readonly AuditEntry[]> {
    const query = queryText({ since: sinceMs, until: untilMs, ...rest });
    return this.#transport.json<readonly AuditEntry[]>('GET', `/v1/audit${query}`);
  }

  query(sql: string, who: string): Promise<QueryResult> {
    return this.#transport.json<QueryResult>('POST', '/v1/query', { sql, who });
  }

  /**
   * Ends after the item of kind `result`.
   *
   * @param sinceNs begins with what was printed after this fleet time
   */
  async *stream(id: string, sinceNs?: bigint): AsyncGenerator<StreamItem> {
    const since = sinceNs === undefined ? '' : `?since=${sinceNs}`;
    const path = `/v1/sessions/${encodeURIComponent(id)}/stream${since}`;
    const silence = new AbortController();
    const { body } = await this.#transport.request(
      'GET',
      path,
      undefined,
      'text/event-stream',
      silence,
    );
    if (body === null) throw new UserError(`session ${id}: the coordinator sent no stream`);
    try {
      for await (const data of serverEvents(withoutSilence(body, silence))) {
        const item = decodeJson(data) as StreamItem;
        if (item.kind === 'cut-off' && (await this.#transport.isAnotherReady())) {
          throw new CoordinatorAwayError(`coordinator ${this.url}: ${item.reason}`, item.reason);
        }
        yield item;
        if (item.kind === 'result') return;
      }
    } catch (error) {
      throw this.#transport.unreachable(error);
    }
    throw new CoordinatorAwayError(
      `session ${id}: the coordinator ended the stream before the result`,
      'it ended the stream',
    );
  }

  #ofSession<Answer>(id: string, what: string, members: QueryMembers): Promise<Answer> {
    const path = `/v1/history/${encodeURIComponent(id)}/${what}${queryText(members)}`;
    return this.#transport.json<Answer>('GET', path);
  }

  /** Ends after the item of kind `end`, or with a fault. */
  async *timeline(request: TimelineRequest): AsyncGenerator<TimelineItem> {
    const { body } = await this.#transport.request(
      'POST',
      '/v1/timeline',
      request,
      'application/x-ndjson',
    );
    if (body === null) throw new UserError('the coordinator sent no timeline');
    let isWhole = false;
    try {
      for await (const line of linesOf(body)) {
        const item = decodeJson(line) as TimelineItem;
        isWhole ||= item.kind === 'end' || item.kind === 'fault';
        yield item;
      }
    } catch (error) {
      throw this.#transport.unreachable(error);
    }
    if (!isWhole) {
      const reason = 'it ended the timeline early';
      throw new CoordinatorAwayError(`coordinator ${this.url}: ${reason}`, reason);
    }
  }
}

type QueryMembers = Readonly<Record<string, string | number | bigint | boolean | undefined>>;

/** With its question mark; what is undefined is left out. */
function queryText(members: QueryMembers): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined) query.append(name, String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** The chunks, until one has been waited for so long that nobody can be there. */
async function* withoutSilence(
  chunks: AsyncIterable<Uint8Array>,
  silence: AbortController,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const timer = setTimeout(() => silence.abort(new Error('it says nothing')), SILENT_AFTER_MS);
      const { done, value } = await iterator.next().finally(() => clearTimeout(timer));
      if (done === true) return;
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}
