/** Sessions: start, list, follow, stop. */
import {
  containerFilterFault,
  MERGE_MODES,
  type CheckRequest,
  type CheckResult,
  type HistoryResult,
  type RunRequest,
  type SessionInfo,
} from '@bpfleet/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { whoIs } from '../../auth/principal.ts';
import type { CheckOutcome, NotStarted, RunOutcome } from '../../session/registry.ts';
import type { Store } from '../../store/store.ts';
import { answered } from '../answered.ts';
import type { Audit } from '../audit.ts';
import { requireRole } from '../guard.ts';
import { Refusal } from '../refusal.ts';
import { streamEvents } from '../event-stream.ts';
import type { Services } from '../services.ts';
import { programDigest } from '../../session/stored-session.ts';
import { subscribeToEnded } from '../../session/display.ts';

const texts = { type: 'array', items: { type: 'string', maxLength: 65_536 }, maxItems: 10_000 };

/** Half a surrogate pair is no character: nothing could store or print it. */
const text = { type: 'string', pattern: '^\\P{Cs}*$' };

const checkBody = {
  type: 'object',
  required: ['program', 'sourceName', 'parameters', 'selector', 'unsafe', 'who'],
  properties: {
    program: text,
    sourceName: { ...text, maxLength: 4_096 },
    files: {
      type: 'object',
      maxProperties: 1_000,
      propertyNames: { ...text, maxLength: 4_096 },
      additionalProperties: {
        type: 'object',
        required: ['kind'],
        properties: {
          kind: { enum: ['text', 'directory', 'found-at', 'missing', 'unreadable'] },
          path: { ...text, maxLength: 4_096 },
          text,
          entries: texts,
          worldWritable: { type: 'boolean' },
          reason: text,
        },
      },
    },
    includes: texts,
    parameters: texts,
    namedParameters: texts,
    selector: {
      type: 'object',
      required: ['hosts', 'labels'],
      properties: {
        hosts: texts,
        labels: { type: 'object', additionalProperties: { type: 'string' } },
      },
    },
    unsafe: { type: 'boolean' },
    redact: { type: 'boolean' },
    armTimeoutMs: { type: 'integer', minimum: 1, maximum: 600_000 },
    who: { ...text, maxLength: 1_000 },
  },
} as const;

const atLeast = {
  type: 'object',
  required: ['kind'],
  oneOf: [
    {
      properties: { kind: { const: 'hosts' }, hosts: { type: 'integer', minimum: 1 } },
      required: ['hosts'],
    },
    {
      properties: {
        kind: { const: 'percent' },
        percent: { type: 'number', exclusiveMinimum: 0, maximum: 100 },
      },
      required: ['percent'],
    },
  ],
} as const;

const rate = { type: 'integer', minimum: 1 } as const;

const budget = {
  type: 'object',
  properties: {
    cpuShare: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
    eventsPerSecond: rate,
    bytesPerSecond: rate,
    mapBytes: rate,
  },
} as const;

const containers = {
  type: 'object',
  additionalProperties: false,
  properties: {
    pods: { ...text, maxLength: 4_096 },
    namespace: { ...text, maxLength: 253 },
    workload: { ...text, maxLength: 512 },
    containers: { type: 'array', items: { ...text, maxLength: 512 }, maxItems: 100 },
    cgroups: { type: 'array', items: { ...text, maxLength: 4_096 }, maxItems: 100 },
  },
} as const;

const definitions = { type: 'array', items: { ...text, maxLength: 4_096 }, maxItems: 100 } as const;

const runBody = {
  type: 'object',
  required: checkBody.required,
  properties: {
    ...checkBody.properties,
    id: { type: 'string', pattern: '^[a-z0-9]{8,32}$' },
    merge: { enum: MERGE_MODES },
    atLeast,
    budget,
    containers,
    spans: definitions,
    joins: definitions,
    durationMs: { type: 'integer', minimum: 1, maximum: 30 * 24 * 3_600_000 },
  },
} as const;

const stopQuery = {
  type: 'object',
  properties: { who: { ...text, maxLength: 1_000 } },
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
    { ...operator, schema: { querystring: stopQuery } },
    async (request) => {
      const { id } = request.params;
      const session = sessions.get(id);
      if (session === undefined) return (await answered(store.history.find(id))).session;
      const { who: says = '' } = request.query;
      const { digest } = session.info().coverage;
      await audit.note(request, { action: 'stop', says, session: id, digest, outcome: 'done' });
      await session.stop();
      return session.info();
    },
  );
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
  const started = outcome.kind === 'started';
  await audit.note(request, {
    action: 'run',
    says,
    ...(started && { session: outcome.session.id }),
    digest: programDigest(program),
    detail: program,
    outcome: started ? 'done' : outcome.error.message,
  });
}

/** A session that ended long ago, or under an earlier coordinator. */
async function ended(store: Store, id: string): Promise<HistoryResult> {
  return answered(store.history.show(id));
}

function started(outcome: RunOutcome): SessionInfo {
  switch (outcome.kind) {
    case 'started':
      return outcome.session;
    case 'failed':
      throw new Refusal(409, outcome.error);
    case 'no-hosts':
    case 'too-many-hosts':
    case 'rejected':
      throw notStarted(outcome);
  }
}

function checked(outcome: CheckOutcome): CheckResult {
  if (outcome.kind !== 'checked') throw notStarted(outcome);
  return outcome.result;
}

function notStarted({ kind, error }: NotStarted): Refusal {
  return new Refusal(kind === 'rejected' ? 422 : 400, error);
}
