/** The coordinator's HTTP API, version 1, as functions. */
import {
  decodeJson,
  encodeJson,
  type CheckRequest,
  type CheckResult,
  type CoordinatorInfo,
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
  type OutliersAnswer,
  type OutliersQuestion,
  type Page,
  type PageOptions,
  type ProgramRejected,
  type QueryResult,
  type RunRequest,
  type SessionInfo,
  type ShowOptions,
  type StreamItem,
  type TimelineItem,
  type TimelineRequest,
  type TopAnswer,
  type TopQuestion,
} from '@bpfleet/protocol';
import type { Connection } from './config.ts';
import { linesOf } from './lines-of.ts';
import { serverEvents } from './server-events.ts';
import { UserError } from './terminal.ts';

/** The program cannot run: its errors, each once, with the hosts they concern. */
export class ProgramRejectedError extends Error {
  override readonly name = 'ProgramRejectedError';
  readonly rejected: ProgramRejected;

  constructor(rejected: ProgramRejected) {
    super(rejected.message);
    this.rejected = rejected;
  }
}

export interface PageItems {
  readonly events: HistoryEvent;
  readonly spans: HistorySpan;
  readonly points: HistoryPoint;
}

/** The coordinator does not answer, or stopped in the middle of it. */
export class CoordinatorAwayError extends UserError {
  override readonly name = 'CoordinatorAwayError';
  /** Such as `ECONNREFUSED`. */
  readonly reason: string;

  constructor(message: string, reason: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** One that is stopped takes connections and says nothing. */
const ANSWER_WITHIN_MS = 2_000;
/** A coordinator says something three times in this time, if only that it is there. */
const SILENT_AFTER_MS = 15_000;

/**
 * All methods throw UserError when no coordinator can be reached or one refuses. Of several the one that answered last
 * is asked first, then the others in turn; whatever is asked can be asked twice.
 */
export class ApiClient {
  readonly #connection: Connection;
  #urls: readonly string[];

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#urls = connection.urls;
  }

  /** Of the coordinator that answered last, or is asked first. */
  get url(): string {
    return this.#urls[0] ?? '';
  }

  hosts(labels: Readonly<Record<string, string>>): Promise<readonly HostInfo[]> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(labels)) query.append('label', `${name}=${value}`);
    return this.#json<readonly HostInfo[]>('GET', `/v1/hosts?${query.toString()}`);
  }

  /** With an `id` it can be asked twice. @throws ProgramRejectedError */
  run(request: RunRequest): Promise<SessionInfo> {
    return this.#json<SessionInfo>('POST', '/v1/sessions', request);
  }

  /** @throws ProgramRejectedError where no host needs to be asked */
  check(request: CheckRequest): Promise<CheckResult> {
    return this.#json<CheckResult>('POST', '/v1/check', request);
  }

  coordinators(): Promise<readonly CoordinatorInfo[]> {
    return this.#json<readonly CoordinatorInfo[]>('GET', '/v1/coordinators');
  }

  sessions(): Promise<readonly SessionInfo[]> {
    return this.#json<readonly SessionInfo[]>('GET', '/v1/sessions');
  }

  /** A running one, or one of the history. */
  session(id: string): Promise<SessionInfo> {
    return this.#json<SessionInfo>('GET', `/v1/sessions/${encodeURIComponent(id)}`);
  }

  stop(id: string, who: string): Promise<SessionInfo> {
    const path = `/v1/sessions/${encodeURIComponent(id)}/stop${queryText({ who })}`;
    return this.#json<SessionInfo>('POST', path);
  }

  history(filter: HistoryFilter): Promise<readonly SessionInfo[]> {
    const { sinceMs, untilMs, ...rest } = filter;
    const query = queryText({ since: sinceMs, until: untilMs, ...rest });
    return this.#json<readonly SessionInfo[]>('GET', `/v1/history${query}`);
  }

  /** Ids of the history may be cut short while they are clear. */
  historyOf(id: string, options: ShowOptions = {}): Promise<HistoryResult> {
    const { fromNs, toNs, windowAtNs, ...rest } = options;
    const query = queryText({ from: fromNs, to: toNs, windowAt: windowAtNs, ...rest });
    return this.#json<HistoryResult>('GET', `/v1/history/${encodeURIComponent(id)}${query}`);
  }

  /** What makes the same session again. */
  requestOf(id: string): Promise<RunRequest> {
    return this.#ofSession<RunRequest>(id, 'request', {});
  }

  /** Takes a session that is over out of the history. */
  remove(id: string, who: string): Promise<{ readonly id: string }> {
    const path = `/v1/history/${encodeURIComponent(id)}${queryText({ who })}`;
    return this.#json<{ readonly id: string }>('DELETE', path);
  }

  retention(): Promise<readonly KeptTable[]> {
    return this.#json<readonly KeptTable[]>('GET', '/v1/retention');
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

  query(sql: string): Promise<QueryResult> {
    return this.#json<QueryResult>('POST', '/v1/query', { sql });
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
    const { body } = await this.#request('GET', path, undefined, 'text/event-stream', silence);
    if (body === null) throw new UserError(`session ${id}: the coordinator sent no stream`);
    try {
      for await (const data of serverEvents(withoutSilence(body, silence))) {
        const item = decodeJson(data) as StreamItem;
        if (item.kind === 'cut-off' && (await this.#isAnotherReady())) {
          throw new CoordinatorAwayError(`coordinator ${this.url}: ${item.reason}`, item.reason);
        }
        yield item;
        if (item.kind === 'result') return;
      }
    } catch (error) {
      throw this.#unreachable(error);
    }
    throw new CoordinatorAwayError(
      `session ${id}: the coordinator ended the stream before the result`,
      'it ended the stream',
    );
  }

  #ofSession<Answer>(id: string, what: string, members: QueryMembers): Promise<Answer> {
    const path = `/v1/history/${encodeURIComponent(id)}/${what}${queryText(members)}`;
    return this.#json<Answer>('GET', path);
  }

  /** Ends after the item of kind `end`, or with a fault. */
  async *timeline(request: TimelineRequest): AsyncGenerator<TimelineItem> {
    const { body } = await this.#request('POST', '/v1/timeline', request, 'application/x-ndjson');
    if (body === null) throw new UserError('the coordinator sent no timeline');
    let isWhole = false;
    try {
      for await (const line of linesOf(body)) {
        const item = decodeJson(line) as TimelineItem;
        isWhole ||= item.kind === 'end' || item.kind === 'fault';
        yield item;
      }
    } catch (error) {
      throw this.#unreachable(error);
    }
    if (!isWhole) {
      const reason = 'it ended the timeline early';
      throw new CoordinatorAwayError(`coordinator ${this.url}: ${reason}`, reason);
    }
  }

  async #json<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.#request(method, path, body, 'application/json');
    let text: string;
    try {
      text = await response.text();
    } catch (error) {
      throw this.#unreachable(error);
    }
    try {
      return decodeJson(text) as Answer;
    } catch (error) {
      throw new UserError(`coordinator ${this.url}: ${method} ${path}: not JSON`, {
        cause: error,
      });
    }
  }

  async #request(
    method: string,
    path: string,
    body: unknown,
    accept: string,
    silence?: AbortController,
  ): Promise<Response> {
    const { token, urls } = this.#connection;
    const request: RequestInit = {
      method,
      headers: {
        accept,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: encodeJson(body) }),
      ...(silence === undefined ? {} : { signal: silence.signal }),
    };
    let failure: unknown;
    for (const url of await this.#inOrder()) {
      try {
        const response = await fetch(url + path, request);
        this.#urls = [url, ...urls.filter((other) => other !== url)];
        if (!response.ok) throw await this.#refused(response);
        return response;
      } catch (error) {
        if (error instanceof UserError || error instanceof ProgramRejectedError) throw error;
        failure = error;
      }
    }
    throw this.#unreachable(failure);
  }

  /** Those first that can do everything, then those that answer at all. */
  async #inOrder(): Promise<readonly string[]> {
    if (this.#urls.length === 1) return this.#urls;
    const alive: string[] = [];
    for (const url of this.#urls) {
      const readiness = await readinessOf(url);
      if (readiness === 'ready') return [url, ...this.#urls.filter((other) => other !== url)];
      if (readiness === 'alive') alive.push(url);
    }
    return alive.length > 0 ? alive : this.#urls;
  }

  async #isAnotherReady(): Promise<boolean> {
    for (const url of this.#urls.slice(1)) {
      if ((await readinessOf(url)) === 'ready') return true;
    }
    return false;
  }

  #unreachable(error: unknown): Error {
    if (error instanceof UserError) return error;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = reasonOf(cause);
    return new CoordinatorAwayError(
      this.#connection.urls.length > 1
        ? `coordinators ${this.#connection.urls.join(', ')}: ${reason}: is one of them running?`
        : `coordinator ${this.url}: ${reason}: is it running? ` +
            'Name another with --url or BPFLEET_URL, or start one with "bpfleet up"',
      reason,
      { cause: error },
    );
  }

  async #refused(response: Response): Promise<Error> {
    const text = await response.text();
    let answer: unknown;
    try {
      answer = decodeJson(text);
    } catch {
      answer = undefined;
    }
    if (typeof answer === 'object' && answer !== null && 'message' in answer) {
      if ('faults' in answer) return new ProgramRejectedError(answer as ProgramRejected);
      return new UserError(String(answer.message));
    }
    return new UserError(`coordinator ${this.url}: ${response.status} ${response.statusText}`);
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

/** Such as `ECONNREFUSED`. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const { code, message } = cause as NodeJS.ErrnoException;
  return code === 'UND_ERR_SOCKET' ? 'the connection broke' : (code ?? message);
}

/** `alive`: it answers, but cannot reach NATS or its store. */
async function readinessOf(url: string): Promise<'ready' | 'alive' | 'dead'> {
  try {
    const { ok } = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return ok ? 'ready' : 'alive';
  } catch {
    return 'dead';
  }
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
