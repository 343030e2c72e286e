/** Every route, asked by everybody: it answers those who may, and does nothing for the others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { Access } from '../../src/auth/access.ts';
import type { Authenticator } from '../../src/auth/principal.ts';
import { isRole, mayDo, ROLES } from '../../src/auth/role.ts';
import { createApp } from '../../src/http/app.ts';
import type { RouteRole } from '../../src/http/guard.ts';
import { FAILURES_A_MINUTE, REQUESTS_A_MINUTE } from '../../src/http/rate-limits.ts';
import type { Services } from '../../src/http/services.ts';

class Reached extends Error {}

/** Anything that a route asks of them shows that it was let through. */
function watchedServices(): { readonly services: Services; readonly reached: () => number } {
  let reached = 0;
  const members: Readonly<Record<string, unknown>> = { audit: async () => {}, bind: () => watched };
  const watched: unknown = new Proxy(() => undefined, {
    get: (_, name) => members[String(name)] ?? (name === 'then' ? undefined : watched),
    apply: () => {
      reached += 1;
      throw new Reached();
    },
  });
  return { services: watched as Services, reached: () => reached };
}

/** Whose names are roles. */
const ROLE_NAMES: Authenticator = {
  authenticate: async (bearer) =>
    isRole(bearer) ? { name: bearer, role: bearer, via: 'token' } : undefined,
};

const BODIES: Readonly<Record<string, object>> = {
  'POST /v1/sessions': runBody(),
  'POST /v1/check': runBody(),
  'POST /v1/query': { sql: 'SELECT 1' },
  'POST /v1/timeline': { sessions: [{ id: 'a' }] },
  'PUT /v1/library/:name': {
    ...{ program: 'BEGIN { }', sourceName: 'stdin', parameters: [], role: 'viewer' },
  },
  'POST /v1/library/:name/run': {
    ...{ values: {}, selector: { hosts: [], labels: {} }, who: 'me' },
  },
  'POST /v1/tokens': { name: 'x', role: 'admin' },
};

function runBody(): object {
  return {
    ...{ program: 'BEGIN { }', sourceName: 'stdin', parameters: [], unsafe: false, who: 'me' },
    selector: { hosts: [], labels: {} },
  };
}

async function appOf(access: Access) {
  const { services, reached } = watchedServices();
  const app = await createApp({ services, access, log: pino({ level: 'silent' }) });
  return { app, reached };
}

function asked(route: string, headers: Readonly<Record<string, string>>) {
  const [method, url = ''] = route.split(' ');
  const body = BODIES[route];
  const query = url.endsWith('/outliers') || url.endsWith('/heatmap') ? '?map=@' : '';
  return {
    method: method as 'GET',
    url: url.replace(/:id|:name/, 'sabcdefgh') + query,
    headers: { host: '127.0.0.1', ...headers },
    ...(body !== undefined && { payload: body }),
  };
}

test('every route does what it does for whoever has its role, and nothing for others', async () => {
  const { app, reached } = await appOf(new Access({ authenticators: [ROLE_NAMES] }));
  await app.ready();
  const routes: ReadonlyMap<string, RouteRole> = app.routeRoles;
  assert.ok(routes.size > 25);
  let from = 0;
  for (const [route, needed] of routes) {
    for (const given of [undefined, 'nonsense', ...ROLES]) {
      const before = reached();
      const headers = given === undefined ? {} : { authorization: `Bearer ${given}` };
      const request = asked(route, headers as Record<string, string>);
      const { statusCode } = await app.inject({
        ...request,
        remoteAddress: `10.1.0.${(from += 1)}`,
      });
      const what = `${route} by ${given}: ${statusCode}`;
      if (needed === 'public' || (isRole(given) && mayDo(given, needed))) {
        assert.ok(![401, 403, 400].includes(statusCode), what);
      } else {
        assert.equal(statusCode, isRole(given) ? 403 : 401, what);
        assert.equal(reached(), before, what);
      }
    }
  }
  await app.close();
});

test('no route that is none tells who may not look that it is none', async () => {
  const { app } = await appOf(new Access({ authenticators: [ROLE_NAMES] }));
  for (const url of ['/v1/nothing', '/', '/v1/..%2fhealthz', '/healthz/', '//v1/hosts']) {
    assert.equal((await app.inject({ method: 'GET', url })).statusCode, 401, url);
  }
  await app.close();
});

test('programs that may call unsafe functions are for admins', async () => {
  const { app, reached } = await appOf(new Access({ authenticators: [ROLE_NAMES] }));
  for (const url of ['/v1/sessions', '/v1/check']) {
    const payload = { ...runBody(), unsafe: true };
    const by = async (role: string) =>
      app.inject({ method: 'POST', url, payload, headers: { authorization: `Bearer ${role}` } });
    const answer = await by('operator');
    assert.equal(answer.statusCode, 403);
    assert.match(answer.body, /operator is operator here, and a program .*--unsafe.* needs admin/);
    assert.equal(reached(), 0);
  }
  await app.close();
});

test('without authentication callers are trusted, and pages in their browsers are not', async () => {
  const { app } = await appOf(new Access({ authenticators: [] }));
  const status = async (headers: Readonly<Record<string, string>>): Promise<number> =>
    (await app.inject({ method: 'GET', url: '/v1/tokens', headers })).statusCode;
  assert.equal(await status({ host: '127.0.0.1:8080' }), 409);
  assert.equal(await status({ host: 'rebound.example' }), 403);
  assert.equal(await status({ host: 'localhost', origin: 'https://evil.example' }), 403);
  assert.equal(await status({ host: 'localhost', 'sec-fetch-site': 'cross-site' }), 403);
  await app.close();
});

test('whoever brings nothing may do what everybody may, where that is said', async () => {
  const access = new Access({ authenticators: [ROLE_NAMES], anonymous: 'viewer' });
  const { app } = await appOf(access);
  const answer = await app.inject({ method: 'POST', url: '/v1/sessions' });
  assert.equal(answer.statusCode, 403);
  assert.match(answer.body, /whoever brings no token is viewer here, and this needs operator/);
  const wrong = { authorization: 'Bearer nonsense' };
  const refused = await app.inject({ method: 'GET', url: '/v1/sessions', headers: wrong });
  assert.equal(refused.statusCode, 401);
  await app.close();
});

test('whoever asks too much waits, and nobody else does', async () => {
  const { app } = await appOf(new Access({ authenticators: [ROLE_NAMES] }));
  const ask = async (bearer: string, remoteAddress: string) =>
    app.inject({
      ...{ method: 'GET', url: '/v1/tokens', remoteAddress },
      headers: { authorization: `Bearer ${bearer}` },
    });
  for (let n = 0; n < FAILURES_A_MINUTE; n++) {
    assert.equal((await ask('nonsense', '10.0.0.1')).statusCode, 401);
  }
  const refused = await ask('nonsense', '10.0.0.1');
  assert.equal(refused.statusCode, 429);
  assert.match(refused.body, /more than 60 requests in a minute: try again in \d+ s/);
  assert.match(String(refused.headers['retry-after']), /^\d+$/);
  assert.equal((await ask('nonsense', '10.0.0.2')).statusCode, 401);
  assert.equal((await ask('admin', '10.0.0.1')).statusCode, 409);
  for (let n = 0; n < REQUESTS_A_MINUTE; n++) await ask('viewer', '10.0.0.1');
  assert.equal((await ask('viewer', '10.0.0.3')).statusCode, 429);
  assert.equal((await ask('admin', '10.0.0.1')).statusCode, 409);
  await app.close();
});
