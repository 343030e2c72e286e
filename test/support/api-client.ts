/** The coordinator's API as tests use it. */
import {
  decodeJson,
  type HistoryResult,
  type HostInfo,
  type HostState,
  type QueryResult,
  type RunRequest,
  type SessionInfo,
  type StreamItem,
} from '@bpfleet/protocol';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export class ApiClient {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async request(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : decodeJson(text) };
  }

  async run(request: Partial<RunRequest> & { readonly program: string }): Promise<Answer> {
    return this.request('POST', '/v1/sessions', {
      sourceName: 'stdin',
      parameters: [],
      selector: { hosts: [], labels: {} },
      unsafe: false,
      merge: 'meaning',
      who: 'test',
      ...request,
    });
  }

  /** @throws if it is refused */
  async start(request: Partial<RunRequest> & { readonly program: string }): Promise<SessionInfo> {
    return this.#expect(201, await this.run(request)) as SessionInfo;
  }

  async stop(id: string): Promise<SessionInfo> {
    return this.#expect(200, await this.request('POST', `/v1/sessions/${id}/stop`)) as SessionInfo;
  }

  async session(id: string): Promise<SessionInfo> {
    return this.#expect(200, await this.request('GET', `/v1/sessions/${id}`)) as SessionInfo;
  }

  async hosts(): Promise<readonly HostInfo[]> {
    return this.#expect(200, await this.request('GET', '/v1/hosts')) as readonly HostInfo[];
  }

  async history(id: string): Promise<HistoryResult> {
    return this.#expect(200, await this.request('GET', `/v1/history/${id}`)) as HistoryResult;
  }

  async query(sql: string): Promise<QueryResult> {
    return this.#expect(200, await this.request('POST', '/v1/query', { sql })) as QueryResult;
  }

  /** Resolves once so many hosts are live. */
  async untilHosts(count: number): Promise<void> {
    while ((await this.hosts()).filter(({ state }) => state === 'live').length < count) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Resolves once a host of the session is in this state. */
  async untilHost(id: string, host: string, state: HostState): Promise<void> {
    const isThere = ({ coverage }: SessionInfo): boolean =>
      coverage.hosts.some((one) => one.host === host && one.state === state);
    while (!isThere(await this.session(id))) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The items of a session's stream, to its end. */
  async *stream(id: string): AsyncGenerator<StreamItem> {
    const response = await fetch(`${this.url}/v1/sessions/${id}/stream`);
    if (response.body === null || response.status !== 200) throw new Error(`stream ${id}`);
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
        const message = text.slice(0, end);
        text = text.slice(end + 2);
        if (message.startsWith('data: ')) yield decodeJson(message.slice(6)) as StreamItem;
      }
    }
  }

  /** Waits for the end of a session. */
  async result(id: string): Promise<StreamItem & { readonly kind: 'result' }> {
    for await (const item of this.stream(id)) if (item.kind === 'result') return item;
    throw new Error(`the stream of ${id} ended without a result`);
  }

  #expect(status: number, answer: Answer): unknown {
    if (answer.status === status) return answer.body;
    throw new Error(`status ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
}
