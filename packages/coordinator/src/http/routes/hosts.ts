/** Who is in the fleet. */
import { selects } from '@bpfleet/protocol';
import type { FastifyInstance } from 'fastify';
import { clockSetByMs, steadyMs } from '../../steady-time.ts';
import { Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';

const querystring = {
  type: 'object',
  properties: { label: { type: 'array', items: { type: 'string' } } },
} as const;

export function hostRoutes(app: FastifyInstance, { fleet }: Services): void {
  app.get<{ Querystring: { label?: readonly string[] } }>(
    '/v1/hosts',
    { config: { role: 'viewer' }, schema: { querystring } },
    async (request) => {
      const labels = Object.fromEntries((request.query.label ?? []).map(parseLabel));
      return fleet
        .hosts(steadyMs(), clockSetByMs())
        .filter((host) => selects({ hosts: [], labels }, host.host, host.labels));
    },
  );
}

function parseLabel(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) {
    throw new Refusal(400, {
      code: 'invalid-label',
      message: `label '${text}' is not of the form name=value`,
    });
  }
  return [text.slice(0, equals), text.slice(equals + 1)];
}
