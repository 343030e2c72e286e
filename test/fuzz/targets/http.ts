/** Requests to every route of the coordinator, with bodies and queries made up by whoever reaches it. */
import assert from 'node:assert/strict';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { decodeJson, encodeJson } from '@bpfleet/protocol';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { Access } from '../../../packages/coordinator/src/auth/access.ts';
import { Fleet } from '../../../packages/coordinator/src/fleet/fleet.ts';
import { History } from '../../../packages/coordinator/src/history/history.ts';
import { createApp } from '../../../packages/coordinator/src/http/app.ts';
import type { Services } from '../../../packages/coordinator/src/http/services.ts';
import { SessionRegistry } from '../../../packages/coordinator/src/session/registry.ts';
import { StoreError } from '../../../packages/coordinator/src/store/store-error.ts';
import { bytesOf, textOf, type FuzzTarget } from '../target.ts';
import { A_REQUEST } from './messages.ts';

interface Request {
  readonly method: string;
  readonly url: string;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const METHODS = ['GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'OPTIONS'] as const;

const RANGE = { from: '1700000000000000000', to: '1700000001000000000' } as const;
const TIMELINE = {
  sessions: [{ id: 's1', label: 'client' }],
  host: 'web-1',
  pid: 1,
  fromNs: 1n,
  toNs: 2n,
  spans: ['auto'],
  joins: ['client.key = client.key within 5ms'],
  around: { atNs: 1n, withinNs: 2n, widen: 'pids' },
} as const;

/** One for each route. */
const REQUESTS: readonly Request[] = [
  { method: 'POST', url: '/v1/sessions', body: A_REQUEST },
  { method: 'POST', url: '/v1/check', body: A_REQUEST },
  { method: 'GET', url: '/v1/sessions' },
  { method: 'GET', url: '/v1/sessions/s1' },
  { method: 'GET', url: '/v1/sessions/s1/stream', query: { since: '1' } },
  { method: 'POST', url: '/v1/sessions/s1/stop', query: { who: 'me' } },
  { method: 'GET', url: '/v1/hosts', query: { label: ['role=web', 'a=b'] } },
  {
    method: 'GET',
    url: '/v1/coordinators',
    headers: {
      authorization: 'Bearer bpf_0123456789ab_secret',
      host: 'localhost',
      origin: 'http://a',
    },
  },
  { method: 'GET', url: '/healthz' },
  { method: 'GET', url: '/readyz' },
  { method: 'GET', url: '/v1/retention' },
  { method: 'POST', url: '/v1/query', body: { sql: 'SELECT 1' } },
  {
    method: 'GET',
    url: '/v1/history',
    query: {
      since: '1',
      until: '2',
      user: 'me',
      probe: 'kprobe:*',
      host: 'a',
      text: 'x',
      state: 'ended',
    },
  },
  {
    method: 'GET',
    url: '/v1/history/s1',
    query: { byHost: 'true', ...RANGE, lines: '10', window: 'last', windowAt: '1' },
  },
  { method: 'DELETE', url: '/v1/history/s1', query: { who: 'me' } },
  { method: 'GET', url: '/v1/history/s1/request' },
  {
    method: 'GET',
    url: '/v1/history/s1/top',
    query: { ...RANGE, map: '@a', limit: '3', by: 'host' },
  },
  { method: 'GET', url: '/v1/history/s1/outliers', query: { ...RANGE, map: '@a', threshold: '3' } },
  { method: 'GET', url: '/v1/history/s1/heatmap', query: { ...RANGE, map: '@a', columns: '60' } },
  {
    method: 'GET',
    url: '/v1/history/s1/diff',
    query: { other: 's2', at: '5', span: '6', map: '@a' },
  },
  { method: 'GET', url: '/v1/history/s1/export' },
  { method: 'GET', url: '/v1/history/s1/events', query: { after: 'x', limit: '5', ...RANGE } },
  { method: 'GET', url: '/v1/history/s1/spans', query: { after: '1/2/3' } },
  { method: 'GET', url: '/v1/history/s1/points', query: { host: 'a', map: '@a' } },
  { method: 'POST', url: '/v1/timeline', body: TIMELINE },
];

/** No hosts and nothing stored: what is left is what the routes make of what they are sent. */
function services(): Services {
  const fleet = new Fleet();
  const done = async (): Promise<void> => undefined;
  const store = {
    history: new History({ rows: async () => [] }),
    audit: done,
    tryFlush: done,
    remove: done,
    answers: async () => true,
    query: async () => {
      throw new StoreError('refused');
    },
  };
  const broker = { connectedSinceMs: () => 1 };
  const log = pino({ level: 'silent' });
  const parts = { broker, fleet, store, lease: { id: 'c1', holds: () => true }, log };
  const sessions = new SessionRegistry(parts as never);
  const peers = { living: () => [] };
  return { broker, fleet, peers, sessions, store } as unknown as Services;
}

let app: FastifyInstance | undefined;

async function ask(input: Uint8Array): Promise<void> {
  const request = requestOf(input);
  if (request === undefined) return;
  const access = new Access({ authenticators: [] });
  app ??= await createApp({ services: services(), access, log: pino({ level: 'silent' }) });
  const { method, url, query, body, headers } = request;
  const answer = await app.inject({
    method,
    url: url.startsWith('/') ? url : `/${url}`,
    headers: { 'content-type': 'application/json', ...headers },
    ...(query !== undefined && { query }),
    ...(body !== undefined && { payload: encodeJson(body) }),
  });
  assert.ok(answer.statusCode < 500, `${method} ${url}: ${answer.statusCode} ${answer.payload}`);
  if (answer.statusCode >= 400) {
    const { code, message } = decodeJson(answer.payload) as Record<string, unknown>;
    assert.ok(typeof code === 'string' && typeof message === 'string' && message !== '');
    assert.doesNotMatch(message, /\bat .*:\d+:\d+|node_modules/, 'no stack traces');
  }
}

function requestOf(
  input: Uint8Array,
): (Request & { method: 'GET'; query?: Record<string, string> }) | undefined {
  try {
    const { method, url, query, body, headers } = decodeJson(textOf(input)) as Record<
      string,
      unknown
    >;
    if (typeof url !== 'string' || !METHODS.includes(method as never)) return undefined;
    // What no client could put on the wire is not the coordinator's business.
    void new URL(url, 'http://localhost');
    const textsOf = (given: unknown): Record<string, string> =>
      Object.fromEntries(Object.entries(given ?? {}).map(([name, value]) => [name, String(value)]));
    const sent = textsOf(headers);
    for (const [name, value] of Object.entries(sent)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    return {
      method: method as 'GET',
      url,
      query: textsOf(query),
      headers: sent,
      body,
    };
  } catch {
    return undefined;
  }
}

export const HTTP: readonly FuzzTarget[] = [
  {
    name: 'http',
    seeds: () => bytesOf(...REQUESTS.map((request) => encodeJson(request))),
    mutate: 'json',
    words: ['sessions', 'since', 'label', 'id', 'kind', 'hosts', 'last', '1', 'a=b'],
    run: ask,
    testRuns: 500,
    maxBytes: 256 * 1024,
  },
];
