/** Bearers that an API server of Kubernetes vouches for. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { text } from 'node:stream/consumers';
import { CredentialError } from '../../src/auth/principal.ts';
import { TokenReviewAuthenticator } from '../../src/auth/token-review.ts';

const RULES = [
  { role: 'operator', group: 'sre' },
  { role: 'viewer', group: 'system:serviceaccount:shop:grafana' },
] as const;
const USERS: Readonly<Record<string, object>> = {
  'ann-token': { username: 'ann', groups: ['sre', 'system:authenticated'] },
  'grafana-token': { username: 'system:serviceaccount:shop:grafana' },
  'eve-token': { username: 'eve', groups: ['system:authenticated'] },
};

let server: Server;
let url: string;
let asked: { readonly path: string; readonly spec: Record<string, unknown> }[] = [];
let status = 201;
let audiences: readonly string[] | undefined;

before(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const { spec } = JSON.parse(body) as { spec: Record<string, unknown> };
      asked.push({ path: request.url ?? '', spec });
      const user = USERS[String(spec['token'])];
      response.writeHead(status, { 'content-type': 'application/json' });
      const answer = user === undefined ? { error: 'invalid' } : { authenticated: true, user };
      response.end(JSON.stringify({ kind: 'TokenReview', status: { ...answer, audiences } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());
beforeEach(() => {
  asked = [];
  status = 201;
  audiences = undefined;
});

test('people have the role of their group or of their name', async () => {
  const review = new TokenReviewAuthenticator({ url, rules: RULES });
  assert.deepEqual(await review.authenticate('ann-token'), {
    ...{ name: 'kubernetes:ann', role: 'operator', via: 'kubernetes' },
  });
  const { name, role } = (await review.authenticate('grafana-token')) ?? {};
  assert.deepEqual([name, role], ['kubernetes:system:serviceaccount:shop:grafana', 'viewer']);
  assert.deepEqual(asked[0], {
    ...{ path: '/apis/authentication.k8s.io/v1/tokenreviews', spec: { token: 'ann-token' } },
  });
});

test('whoever has no role is told so, and what the server does not know is left to others', async () => {
  const review = new TokenReviewAuthenticator({ url, rules: RULES });
  await assert.rejects(
    review.authenticate('eve-token'),
    /^CredentialError: eve has no role here: --kub/,
  );
  assert.equal(await review.authenticate('nonsense'), undefined);
});

test('tokens of our own and bearers beyond all measure never reach the server', async () => {
  const review = new TokenReviewAuthenticator({ url, rules: RULES });
  assert.equal(await review.authenticate('bpf_0123456789ab_secret'), undefined);
  assert.equal(await review.authenticate('x'.repeat(20_000)), undefined);
  assert.deepEqual(asked, []);
});

test('a bearer that is for others is not taken', async () => {
  const review = new TokenReviewAuthenticator({ url, rules: RULES, audience: 'bpfleet' });
  assert.equal(await review.authenticate('ann-token'), undefined);
  audiences = ['bpfleet'];
  const again = new TokenReviewAuthenticator({ url, rules: RULES, audience: 'bpfleet' });
  assert.ok(await again.authenticate('ann-token'));
  assert.deepEqual(asked[0]?.spec['audiences'], ['bpfleet']);
});

test('one answer serves requests that come together, and a fault none', async () => {
  const review = new TokenReviewAuthenticator({ url, rules: RULES });
  status = 500;
  await assert.rejects(review.authenticate('ann-token'), (error) => {
    return (
      error instanceof CredentialError &&
      /cannot say whose it is: it answers 500/.test(error.message)
    );
  });
  status = 201;
  await Promise.all([1, 2, 3].map(async () => review.authenticate('ann-token')));
  assert.equal(asked.length, 2);
});
