/** Liveness and readiness, for orchestrators. */
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';

export function healthRoutes(app: FastifyInstance, { broker, store }: Services): void {
  app.get('/healthz', { config: { role: 'public' } }, async () => ({ status: 'alive' }));

  app.get('/readyz', { config: { role: 'public' } }, async () => {
    const faults = [
      ...(broker.connectedSinceMs() === undefined ? ['nats does not answer'] : []),
      ...((await store.answers()) ? [] : ['the store does not answer']),
    ];
    if (faults.length > 0) {
      throw new Refusal(503, { code: 'not-ready', message: faults.join('; ') });
    }
    return { status: 'ready' };
  });
}
