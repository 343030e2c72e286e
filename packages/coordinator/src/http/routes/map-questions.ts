/** Questions about the maps of a session in the history. */
import type { FastifyInstance } from 'fastify';
import { answered } from '../answered.ts';
import type { Services } from '../services.ts';

const unixNs = { type: 'string', pattern: '^\\d{1,19}$' } as const;
const text = { type: 'string', minLength: 1, maxLength: 4_096 } as const;
/** Keys can be stacks. */
const key = { type: 'string', maxLength: 65_536 } as const;
const range = { from: unixNs, to: unixNs } as const;

interface RangeQuery {
  readonly from?: string;
  readonly to?: string;
}

type Asked<Query> = { readonly Params: { readonly id: string }; readonly Querystring: Query };

const topQuery = {
  type: 'object',
  properties: {
    ...range,
    map: text,
    limit: { type: 'integer', minimum: 1, maximum: 100_000 },
    by: { enum: ['key', 'host'] },
  },
} as const;

interface TopQuery extends RangeQuery {
  readonly map?: string;
  readonly limit?: number;
  readonly by?: 'key' | 'host';
}

const outliersQuery = {
  type: 'object',
  required: ['map'],
  properties: { ...range, map: text, key, threshold: { type: 'number', exclusiveMinimum: 0 } },
} as const;

interface OutliersQuery extends RangeQuery {
  readonly map: string;
  readonly key?: string;
  readonly threshold?: number;
}

const heatmapQuery = {
  type: 'object',
  required: ['map'],
  properties: {
    ...range,
    map: text,
    key,
    host: text,
    columns: { type: 'integer', minimum: 1, maximum: 10_000 },
  },
} as const;

interface HeatmapQuery extends RangeQuery {
  readonly map: string;
  readonly key?: string;
  readonly host?: string;
  readonly columns?: number;
}

const diffQuery = {
  type: 'object',
  properties: { other: text, at: unixNs, span: unixNs, map: text },
} as const;

interface DiffQuery {
  readonly other?: string;
  readonly at?: string;
  readonly span?: string;
  readonly map?: string;
}

const viewer = { config: { role: 'viewer' } } as const;

export function mapQuestionRoutes(app: FastifyInstance, { store }: Services): void {
  const { history } = store;

  app.get<Asked<TopQuery>>(
    '/v1/history/:id/top',
    { ...viewer, schema: { querystring: topQuery } },
    async ({ params, query }) => answered(history.top(params.id, withRange(query))),
  );

  app.get<Asked<OutliersQuery>>(
    '/v1/history/:id/outliers',
    { ...viewer, schema: { querystring: outliersQuery } },
    async ({ params, query }) => answered(history.outliers(params.id, withRange(query))),
  );

  app.get<Asked<HeatmapQuery>>(
    '/v1/history/:id/heatmap',
    { ...viewer, schema: { querystring: heatmapQuery } },
    async ({ params, query }) => answered(history.heatmap(params.id, withRange(query))),
  );

  app.get<Asked<DiffQuery>>(
    '/v1/history/:id/diff',
    { ...viewer, schema: { querystring: diffQuery } },
    async ({ params, query: { at, span, ...rest } }) =>
      answered(
        history.diff(params.id, {
          ...rest,
          ...(at !== undefined && { atNs: BigInt(at) }),
          ...(span !== undefined && { spanNs: BigInt(span) }),
        }),
      ),
  );
}

function withRange<Query extends RangeQuery>({
  from,
  to,
  ...rest
}: Query): Omit<Query, 'from' | 'to'> & { readonly fromNs?: bigint; readonly toNs?: bigint } {
  return {
    ...rest,
    ...(from !== undefined && { fromNs: BigInt(from) }),
    ...(to !== undefined && { toNs: BigInt(to) }),
  };
}
