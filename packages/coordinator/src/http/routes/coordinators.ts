/** Which coordinators there are. */
import type { FastifyInstance } from 'fastify';
import type { Services } from '../services.ts';

export function coordinatorRoutes(app: FastifyInstance, { peers }: Services): void {
  app.get('/v1/coordinators', { config: { role: 'viewer' } }, async () =>
    peers.living(performance.now()),
  );
}
