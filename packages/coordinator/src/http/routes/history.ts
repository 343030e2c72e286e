/** What the store remembers: finished sessions, and SQL over them. */
import type { QueryRequest } from '@bpfleet/protocol';
import type { FastifyInstance } from 'fastify';
import { messageOf, StoreError } from '../../store/client.ts';
import { storeFault } from '../../store/store-fault.ts';
import { notFound, Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';

const DEFAULT_LIMIT = 50;

const limitQuery = {
  type: 'object',
  properties: { limit: { type: 'integer', minimum: 1, maximum: 10_000 } },
} as const;

const queryBody = {
  type: 'object',
  required: ['sql'],
  properties: { sql: { type: 'string', maxLength: 100_000 } },
} as const;

export function historyRoutes(app: FastifyInstance, { store }: Services): void {
  app.get<{ Querystring: { limit?: number } }>(
    '/v1/history',
    { schema: { querystring: limitQuery } },
    async (request) => answered(store.history.list(request.query.limit ?? DEFAULT_LIMIT)),
  );

  app.get<{ Params: { id: string } }>('/v1/history/:id', async (request) => {
    await store.tryFlush();
    const result = await answered(store.history.show(request.params.id));
    if (result === undefined) throw notFound(`session ${request.params.id} in the history`);
    return result;
  });

  app.post<{ Body: QueryRequest }>(
    '/v1/query',
    { schema: { body: queryBody } },
    async (request) => {
      try {
        return await store.query(request.body.sql);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        throw new Refusal(400, { code: 'query-failed', message: error.message });
      }
    },
  );
}

/** A store that is away is no fault of ours. */
async function answered<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    if (storeFault(error) === 'statement') throw error;
    const message = `the store does not answer: ${messageOf(error)}`;
    throw new Refusal(503, { code: 'store-away', message });
  }
}
