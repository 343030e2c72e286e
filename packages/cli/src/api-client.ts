/** The coordinator's HTTP API, version 1, as functions. */
import {
  decodeJson,
  encodeJson,
  type CheckRequest,
  type CheckResult,
  type HistoryResult,
  type HostInfo,
  type ProgramRejected,
  type QueryResult,
  type RunRequest,
  type SessionInfo,
  type StreamItem,
} from '@bpfleet/protocol';
import type { Connection } from './config.ts';
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

/** All methods throw UserError when the coordinator cannot be reached or refuses. */
export class ApiClient {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  hosts(labels: Readonly<Record<string, string>>): Promise<readonly HostInfo[]> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(labels)) query.append('label', `${name}=${value}`);
    return this.#json<readonly HostInfo[]>('GET', `/v1/hosts?${query.toString()}`);
  }

  /** @throws ProgramRejectedError */
  run(request: RunRequest): Promise<SessionInfo> {
    return this.#json<SessionInfo>('POST', '/v1/sessions', request);
  }

  /** @throws ProgramRejectedError where no host needs to be asked */
  check(request: CheckRequest): Promise<CheckResult> {
    return this.#json<CheckResult>('POST', '/v1/check', request);
  }

  sessions(): Promise<readonly SessionInfo[]> {
    return this.#json<readonly SessionInfo[]>('GET', '/v1/sessions');
  }

  stop(id: string): Promise<SessionInfo> {
    return this.#json<SessionInfo>('POST', `/v1/sessions/${encodeURIComponent(id)}/stop`);
  }

  history(limit: number): Promise<readonly SessionInfo[]> {
    return this.#json<readonly SessionInfo[]>('GET', `/v1/history?limit=${limit}`);
  }

  historyOf(id: string): Promise<HistoryResult> {
    return this.#json<HistoryResult>('GET', `/v1/history/${encodeURIComponent(id)}`);
  }

  query(sql: string): Promise<QueryResult> {
    return this.#json<QueryResult>('POST', '/v1/query', { sql });
  }

  /** Ends after the item of kind `result`. */
  async *stream(id: string): AsyncGenerator<StreamItem> {
    const path = `/v1/sessions/${encodeURIComponent(id)}/stream`;
    const { body } = await this.#request('GET', path, undefined, 'text/event-stream');
    if (body === null) throw new UserError(`session ${id}: the coordinator sent no stream`);
    try {
      for await (const data of serverEvents(body)) {
        const item = decodeJson(data) as StreamItem;
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

  async #json<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.#request(method, path, body, 'application/json');
    try {
      return decodeJson(await response.text()) as Answer;
    } catch (error) {
      throw new UserError(`coordinator ${this.#connection.url}: ${method} ${path}: not JSON`, {
        cause: error,
      });
    }
  }

  async #request(method: string, path: string, body: unknown, accept: string): Promise<Response> {
    const { url, token } = this.#connection;
    let response: Response;
    try {
      response = await fetch(url + path, {
        method,
        headers: {
          accept,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: encodeJson(body) }),
      });
    } catch (error) {
      throw this.#unreachable(error);
    }
    if (!response.ok) throw await this.#refused(response);
    return response;
  }

  #unreachable(error: unknown): Error {
    if (error instanceof UserError) return error;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason =
      cause instanceof Error
        ? ((cause as NodeJS.ErrnoException).code ?? cause.message)
        : String(cause);
    return new CoordinatorAwayError(
      `coordinator ${this.#connection.url}: ${reason}: is it running? ` +
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
    return new UserError(
      `coordinator ${this.#connection.url}: ${response.status} ${response.statusText}`,
    );
  }
}
