/** Sessions: start, list, follow, stop. */
import {
  containerFilterFault,
  type CheckRequest,
  type CheckResult,
  type HistoryResult,
  type RunRequest,
} from '@bpfleet/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { whoIs } from '../../auth/principal.ts';
import type { CheckOutcome, RunOutcome } from '../../session/registry.ts';
import type { Session } from '../../session/session.ts';
import type { Store } from '../../store/store.ts';
import { answered } from '../answered.ts';
import type { Audit } from '../audit.ts';
import { requireRole } from '../guard.ts';
import { Refusal } from '../refusal.ts';
import { streamEvents } from '../event-stream.ts';
import type { Services } from '../services.ts';
import { programDigest } from '../../session/stored-session.ts';
import { subscribeToEnded } from '../../session/display.ts';
import { auditedOutcome, notStarted, started } from './run-outcome.ts';
import { checkBody, runBody, who } from './session-bodies.ts';

const stopQuery = {
  type: 'object',
  properties: { who },
} as const;

const streamQuery = {
  type: 'object',
  properties: { since: { type: 'string', pattern: '^\\d{1,20}$' } },
} as const;

const viewer = { config: { role: 'viewer' } } as const;
const operator = { config: { role: 'operator' } } as const;

export function sessionRoutes(
  app: FastifyInstance,
  { sessions, store }: Services,
  audit: Audit,
): void {
  app.post<{ Body: RunRequest }>(
    '/v1/sessions',
    { ...operator, schema: { body: runBody } },
    async (request, reply) => {
      const body = { ...request.body, who: whoIs(request.principal, request.body.who) };
      requireForUnsafe(request, body);
      const fault = containerFilterFault(body.containers ?? {});
      if (fault !== undefined) throw new Refusal(400, { code: 'bad-request', message: fault });
      const outcome = await sessions.run(body);
      await auditRun(audit, request, outcome);
      return reply.status(201).send(started(outcome));
    },
  );

  app.post<{ Body: CheckRequest }>(
    '/v1/check',
    { ...operator, schema: { body: checkBody } },
    async (request) => {
      requireForUnsafe(request, request.body);
      const outcome = await sessions.check(request.body);
      const { program, who: says } = request.body;
      const asked = {
        action: 'check',
        says,
        digest: programDigest(program),
        detail: program,
      } as const;
      const refusal = outcome.kind === 'checked' ? 'done' : outcome.error.message;
      await audit.note(request, { ...asked, outcome: refusal });
      return checked(outcome);
    },
  );

  app.get('/v1/sessions', viewer, async () => sessions.running());

  app.get<{ Params: { id: string } }>('/v1/sessions/:id', viewer, async (request) => {
    const { id } = request.params;
    return sessions.get(id)?.info() ?? (await answered(store.history.find(id))).session;
  });

  app.get<{ Params: { id: string }; Querystring: { since?: string } }>(
    '/v1/sessions/:id/stream',
    { ...viewer, schema: { querystring: streamQuery } },
    async (request, reply) => {
      const { id } = request.params;
      const sinceNs = request.query.since === undefined ? undefined : BigInt(request.query.since);
      const session = sessions.get(id);
      if (session === undefined) {
        const result = await ended(store, id);
        streamEvents(reply, (deliver) => subscribeToEnded(result, deliver, sinceNs));
      } else {
        streamEvents(reply, (deliver) => session.subscribe(deliver, sinceNs));
      }
      return reply;
    },
  );

  app.post<{ Params: { id: string }; Querystring: { who?: string } }>(
    '/v1/sessions/:id/stop',
    { ...viewer, schema: { querystring: stopQuery } },
    async (request) => {
      const { id } = request.params;
      const session = sessions.get(id);
      if (!isOwn(request, session)) requireRole(request, 'operator', 'to stop what another runs');
      if (session === undefined) return (await answered(store.history.find(id))).session;
      const { who: says = '' } = request.query;
      const { digest } = session.info().coverage;
      await audit.note(request, { action: 'stop', says, session: id, digest, outcome: 'done' });
      await session.stop();
      return session.info();
    },
  );
}

/** Viewers stop what they run of the library. */
function isOwn({ principal }: FastifyRequest, session: Session | undefined): boolean {
  if (session === undefined || principal.name === '') return false;
  return session.info().coverage.who === principal.name;
}

/** What such programs call changes hosts. @throws {Refusal} */
function requireForUnsafe(request: FastifyRequest, { unsafe }: CheckRequest): void {
  if (unsafe) requireRole(request, 'admin', 'a program that may call unsafe functions (--unsafe)');
}

/** Who ran what stands in the store, also what was refused. */
async function auditRun(
  audit: Audit,
  request: FastifyRequest<{ Body: RunRequest }>,
  outcome: RunOutcome,
): Promise<void> {
  const { program, who: says } = request.body;
  await audit.note(request, {
    ...auditedOutcome(outcome),
    action: 'run',
    says,
    digest: programDigest(program),
    detail: program,
  });
}

/** A session that ended long ago, or under an earlier coordinator. */
async function ended(store: Store, id: string): Promise<HistoryResult> {
  return answered(store.history.show(id));
}

function checked(outcome: CheckOutcome): CheckResult {
  if (outcome.kind !== 'checked') throw notStarted(outcome);
  return outcome.result;
}
