/** Sessions: start, list, follow, stop. */
import type { RunRequest, SessionInfo } from '@bpfleet/protocol';
import type { FastifyInstance } from 'fastify';
import type { Session } from '../../session/session.ts';
import type { RunOutcome, SessionRegistry } from '../../session/registry.ts';
import { notFound, Refusal } from '../refusal.ts';
import { streamEvents } from '../event-stream.ts';
import type { Services } from '../app.ts';

const texts = { type: 'array', items: { type: 'string', maxLength: 65_536 }, maxItems: 10_000 };

const runBody = {
  type: 'object',
  required: ['program', 'sourceName', 'parameters', 'selector', 'unsafe', 'byHost', 'who'],
  properties: {
    program: { type: 'string', minLength: 1 },
    sourceName: { type: 'string', maxLength: 4_096 },
    parameters: texts,
    selector: {
      type: 'object',
      required: ['hosts', 'labels'],
      properties: {
        hosts: texts,
        labels: { type: 'object', additionalProperties: { type: 'string' } },
      },
    },
    unsafe: { type: 'boolean' },
    byHost: { type: 'boolean' },
    durationMs: { type: 'integer', minimum: 1, maximum: 30 * 24 * 3_600_000 },
    armTimeoutMs: { type: 'integer', minimum: 1, maximum: 600_000 },
    who: { type: 'string', maxLength: 1_000 },
  },
} as const;

export function sessionRoutes(app: FastifyInstance, { sessions }: Services): void {
  app.post<{ Body: RunRequest }>(
    '/v1/sessions',
    { schema: { body: runBody } },
    async (request, reply) => reply.status(201).send(started(await sessions.run(request.body))),
  );

  app.get('/v1/sessions', async () => sessions.running());

  app.get<{ Params: { id: string } }>('/v1/sessions/:id', async (request) =>
    find(sessions, request.params.id).info(),
  );

  app.get<{ Params: { id: string } }>('/v1/sessions/:id/stream', async (request, reply) => {
    const session = find(sessions, request.params.id);
    streamEvents(reply, (deliver) => session.subscribe(deliver));
    return reply;
  });

  app.post<{ Params: { id: string } }>('/v1/sessions/:id/stop', async (request) => {
    const session = find(sessions, request.params.id);
    await session.stop();
    return session.info();
  });
}

function started(outcome: RunOutcome): SessionInfo {
  switch (outcome.kind) {
    case 'started':
      return outcome.session;
    case 'no-hosts':
      throw new Refusal(400, outcome.error);
    case 'failed':
      throw new Refusal(409, outcome.error);
    case 'rejected':
      throw new Refusal(422, outcome.error);
  }
}

function find(sessions: SessionRegistry, id: string): Session {
  const session = sessions.get(id);
  if (session === undefined) throw notFound(`session ${id}`);
  return session;
}
