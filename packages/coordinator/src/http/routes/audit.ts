/** Who did what, for admins. */
import { AUDIT_ACTIONS, type AuditAction } from '@bpfleet/protocol';
import type { FastifyInstance } from 'fastify';
import { answered } from '../answered.ts';
import type { Services } from '../services.ts';

const unixMs = { type: 'integer', minimum: 0 } as const;
const text = { type: 'string', minLength: 1, maxLength: 4_096 } as const;

const auditQuery = {
  type: 'object',
  properties: {
    since: unixMs,
    until: unixMs,
    user: text,
    action: { enum: AUDIT_ACTIONS },
    session: text,
    limit: { type: 'integer', minimum: 1, maximum: 100_000 },
  },
} as const;

interface AuditQuery {
  readonly since?: number;
  readonly until?: number;
  readonly user?: string;
  readonly action?: AuditAction;
  readonly session?: string;
  readonly limit?: number;
}

export function auditRoutes(app: FastifyInstance, { store }: Services): void {
  app.get<{ Querystring: AuditQuery }>(
    '/v1/audit',
    { config: { role: 'admin' }, schema: { querystring: auditQuery } },
    async ({ query: { since, until, ...rest } }) => {
      await store.tryFlush();
      return answered(
        store.history.audit({
          ...rest,
          ...(since !== undefined && { sinceMs: since }),
          ...(until !== undefined && { untilMs: until }),
        }),
      );
    },
  );
}
