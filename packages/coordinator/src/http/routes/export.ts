/** All that the store has of a session, in pages. */
import type { PageOptions } from '@bpfleet/protocol';
import type { FastifyInstance } from 'fastify';
import { answered } from '../answered.ts';
import type { Services } from '../services.ts';

const unixNs = { type: 'string', pattern: '^\\d{1,19}$' } as const;
const text = { type: 'string', minLength: 1, maxLength: 4_096 } as const;

const pageQuery = {
  type: 'object',
  properties: {
    // The end of a page can be that of a stack's key.
    after: { type: 'string', maxLength: 65_536 },
    limit: { type: 'integer', minimum: 1, maximum: 50_000 },
    from: unixNs,
    to: unixNs,
    host: text,
    map: text,
  },
} as const;

interface PageQuery {
  readonly after?: string;
  readonly limit?: number;
  readonly from?: string;
  readonly to?: string;
  readonly host?: string;
  readonly map?: string;
}

const viewer = { config: { role: 'viewer' } } as const;

type Asked = { readonly Params: { readonly id: string }; readonly Querystring: PageQuery };

export function exportRoutes(app: FastifyInstance, { store }: Services): void {
  const { history } = store;

  app.get<{ Params: { id: string } }>('/v1/history/:id/export', viewer, async ({ params }) => {
    await store.tryFlush();
    return answered(history.exportHead(params.id));
  });

  const pages = {
    events: history.events.bind(history),
    spans: history.spans.bind(history),
    points: history.points.bind(history),
  };
  for (const [name, read] of Object.entries(pages)) {
    app.get<Asked>(
      `/v1/history/:id/${name}`,
      { ...viewer, schema: { querystring: pageQuery } },
      async ({ params, query }) => answered<unknown>(read(params.id, optionsOf(query))),
    );
  }
}

function optionsOf({ from, to, ...rest }: PageQuery): PageOptions {
  return {
    ...rest,
    ...(from !== undefined && { fromNs: BigInt(from) }),
    ...(to !== undefined && { toNs: BigInt(to) }),
  };
}
