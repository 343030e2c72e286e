/** Lets a request through to its route if whoever sent it has the role which that needs. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Access } from '../auth/access.ts';
import { foreignPage } from '../auth/loopback.ts';
import { CredentialError, type Principal } from '../auth/principal.ts';
import { mayDo, type Role } from '../auth/role.ts';
import type { RateLimits } from './rate-limits.ts';
import { Refusal } from './refusal.ts';

/** `public`: for probes of an orchestrator, which bring nothing. */
export type RouteRole = Role | 'public';

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route, as `GET /v1/hosts`, with who may use it. */
    readonly routeRoles: ReadonlyMap<string, RouteRole>;
  }
  interface FastifyContextConfig {
    readonly role?: RouteRole;
  }
  interface FastifyRequest {
    /** Set before any handler of a route that is not public. */
    principal: Principal;
  }
}

/** Somebody was not let do something. */
export interface Denial {
  /** Empty for somebody unknown. */
  readonly who: string;
  readonly from: string;
  readonly route: string;
  readonly reason: string;
}

const NOBODY: Principal = { name: '', role: 'viewer', via: 'trusted' };

/**
 * For all routes that are added afterwards.
 *
 * @throws {Error} when a route is added that does not say who may use it
 */
export function guard(app: FastifyInstance, access: Access, limits: RateLimits): void {
  const routeRoles = new Map<string, RouteRole>();
  app.decorate('routeRoles', routeRoles);
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const verb of [method].flat()) {
      if (config?.role === undefined) throw new Error(`route ${verb} ${url} has no role`);
      routeRoles.set(`${verb} ${url}`, config.role);
    }
  });
  app.decorateRequest('principal');
  app.addHook('onRequest', async (request) => {
    request.principal = NOBODY;
    // What is no route needs no less than the least that is one.
    const { role: needed = 'viewer' } = request.routeOptions.config;
    if (needed === 'public') return;
    request.principal = await known(request, access, limits);
    if (!access.trustsCallers) await limits.request(request);
    requireRole(request, needed);
  });
}

async function known(
  request: FastifyRequest,
  access: Access,
  limits: RateLimits,
): Promise<Principal> {
  const { headers } = request;
  if (access.trustsCallers) {
    const fetchSite = headers['sec-fetch-site'];
    const foreign = foreignPage({
      host: headers.host,
      origin: headers.origin,
      fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined,
    });
    if (foreign !== undefined) throw new Refusal(403, { code: 'forbidden', message: foreign });
  }
  try {
    return await access.principalOf(headers.authorization);
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error;
    await limits.failure(request);
    throw new Refusal(401, { code: 'unauthorized', message: error.message });
  }
}

/** For what a route does only for some. @throws {Refusal} */
export function requireRole(
  { principal }: Pick<FastifyRequest, 'principal'>,
  needed: Role,
  what = 'this',
): void {
  if (mayDo(principal.role, needed)) return;
  const name = principal.name === '' ? 'whoever brings no token' : principal.name;
  const message = `${name} is ${principal.role} here, and ${what} needs ${needed}`;
  throw new Refusal(403, { code: 'forbidden', message });
}

/** Undefined for an error that is none. */
export function denialOf(request: FastifyRequest, error: Error): Denial | undefined {
  if (!(error instanceof Refusal) || (error.status !== 401 && error.status !== 403))
    return undefined;
  const { method, routeOptions, principal, ip } = request;
  const route = `${method} ${routeOptions.url ?? 'no route'}`;
  return { who: principal.name, from: ip, route, reason: error.message };
}
