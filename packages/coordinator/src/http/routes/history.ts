/** What the store remembers: sessions that ran, and SQL over them. */
import type { HistoryFilter, QueryRequest, SessionState, ShowOptions } from '@bpfleet/protocol';
import type { FastifyInstance } from 'fastify';
import { adminTable } from '../../store/admin-tables.ts';
import { StoreError } from '../../store/store-error.ts';
import { answered } from '../answered.ts';
import type { Audit } from '../audit.ts';
import { requireRole } from '../guard.ts';
import { Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';

const unixMs = { type: 'integer', minimum: 0 } as const;
const unixNs = { type: 'string', pattern: '^\\d{1,19}$' } as const;
const text = { type: 'string', minLength: 1, maxLength: 4_096 } as const;

const listQuery = {
  type: 'object',
  properties: {
    since: unixMs,
    until: unixMs,
    user: text,
    probe: text,
    host: text,
    text,
    state: { enum: ['arming', 'running', 'stopping', 'ended', 'failed'] },
    limit: { type: 'integer', minimum: 1, maximum: 10_000 },
  },
} as const;

interface ListQuery {
  readonly since?: number;
  readonly until?: number;
  readonly user?: string;
  readonly probe?: string;
  readonly host?: string;
  readonly text?: string;
  readonly state?: SessionState;
  readonly limit?: number;
}

const showQuery = {
  type: 'object',
  properties: {
    byHost: { type: 'boolean' },
    from: unixNs,
    to: unixNs,
    lines: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    window: { type: 'string', pattern: '^(last|\\d{1,9})$' },
    windowAt: unixNs,
  },
} as const;

interface ShowQuery {
  readonly byHost?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly lines?: number;
  readonly window?: string;
  readonly windowAt?: string;
}

const queryBody = {
  type: 'object',
  required: ['sql'],
  properties: { sql: { type: 'string', maxLength: 100_000 }, who: text },
} as const;

const viewer = { config: { role: 'viewer' } } as const;

export function historyRoutes(
  app: FastifyInstance,
  { store, sessions }: Services,
  audit: Audit,
): void {
  app.get<{ Querystring: ListQuery }>(
    '/v1/history',
    { ...viewer, schema: { querystring: listQuery } },
    async (request) => answered(store.history.list(filterOf(request.query))),
  );

  app.get<{ Params: { id: string }; Querystring: ShowQuery }>(
    '/v1/history/:id',
    { ...viewer, schema: { querystring: showQuery } },
    async (request) => {
      await store.tryFlush();
      return answered(store.history.show(request.params.id, showOptionsOf(request.query)));
    },
  );

  app.get<{ Params: { id: string } }>('/v1/history/:id/request', viewer, async (request) =>
    answered(store.history.request(request.params.id)),
  );

  app.delete<{ Params: { id: string }; Querystring: { who?: string } }>(
    '/v1/history/:id',
    {
      config: { role: 'admin' },
      schema: { querystring: { type: 'object', properties: { who: text } } },
    },
    async (request) => {
      const { session } = await answered(store.history.find(request.params.id));
      const { id, coverage } = session;
      if (sessions.running().some((running) => running.id === id)) {
        const message = `session ${id} is running: "bpfleet stop ${id}" ends it`;
        throw new Refusal(409, { code: 'running', message });
      }
      await answered(store.remove(id));
      const { who: says = '' } = request.query;
      const done = { session: id, digest: coverage.digest, outcome: 'done' };
      await audit.note(request, { action: 'remove', says, ...done });
      return { id };
    },
  );

  app.get('/v1/retention', viewer, async () => answered(store.history.retention()));

  app.post<{ Body: QueryRequest }>(
    '/v1/query',
    { ...viewer, schema: { body: queryBody } },
    async (request) => {
      const { sql, who: says = '' } = request.body;
      const asked = { action: 'query', says, detail: sql } as const;
      const secret = adminTable(sql);
      if (secret !== undefined) requireRole(request, 'admin', `SQL that names ${secret}`);
      try {
        const result = await store.query(sql);
        audit.noteLater(request, { ...asked, outcome: 'done' });
        return result;
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        audit.noteLater(request, { ...asked, outcome: error.message });
        throw new Refusal(400, { code: 'query-failed', message: error.message });
      }
    },
  );
}

function filterOf({ since, until, ...rest }: ListQuery): HistoryFilter {
  return {
    ...rest,
    ...(since !== undefined && { sinceMs: since }),
    ...(until !== undefined && { untilMs: until }),
  };
}

function showOptionsOf({ byHost, from, to, lines, window, windowAt }: ShowQuery): ShowOptions {
  return {
    ...(byHost !== undefined && { byHost }),
    ...(from !== undefined && { fromNs: BigInt(from) }),
    ...(to !== undefined && { toNs: BigInt(to) }),
    ...(lines !== undefined && { lines }),
    ...(windowAt !== undefined && { windowAtNs: BigInt(windowAt) }),
    ...(window !== undefined && { window: window === 'last' ? 'last' : Number(window) }),
  };
}
