/** How much one caller may ask, so that none of them can keep the coordinator from the others. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from './refusal.ts';

const WINDOW_MS = 60_000;
/** Fifty a second for a whole minute: an export, or some dashboards, ask far less. */
export const REQUESTS_A_MINUTE = 3_000;
/** Of one address, with credentials that are none. */
export const FAILURES_A_MINUTE = 60;

export interface RateLimits {
  /** Counts a request of somebody known. @throws {Refusal} when there were too many */
  request(request: FastifyRequest): Promise<void>;
  /** Counts one of somebody who is not. @throws {Refusal} when there were too many */
  failure(request: FastifyRequest): Promise<void>;
}

export async function rateLimits(app: FastifyInstance): Promise<RateLimits> {
  await app.register(rateLimit, { global: false });
  const requests = app.createRateLimit({
    ...{ max: REQUESTS_A_MINUTE, timeWindow: WINDOW_MS },
    keyGenerator: ({ principal, ip }) =>
      principal.name === '' ? `address ${ip}` : `caller ${principal.via} ${principal.name}`,
  });
  const failures = app.createRateLimit({
    ...{ max: FAILURES_A_MINUTE, timeWindow: WINDOW_MS },
    keyGenerator: ({ ip }) => `failure ${ip}`,
  });
  async function take(limit: typeof requests, request: FastifyRequest): Promise<void> {
    const taken = await limit(request);
    if (taken.isAllowed || !taken.isExceeded) return;
    const { max, ttlInSeconds } = taken;
    const message = `more than ${max} requests in a minute: try again in ${ttlInSeconds} s`;
    throw new Refusal(429, { code: 'too-many-requests', message }, ttlInSeconds);
  }
  return {
    request: async (request) => take(requests, request),
    failure: async (request) => take(failures, request),
  };
}
