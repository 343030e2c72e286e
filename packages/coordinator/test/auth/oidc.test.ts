/** Tokens of an OpenID Connect issuer that runs here, good ones and every kind that is not. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JWTPayload,
} from 'jose';
import { OidcAuthenticator, type OidcOptions } from '../../src/auth/oidc.ts';
import { CredentialError } from '../../src/auth/principal.ts';

let server: Server;
let issuer: string;
let signer: CryptoKey;
let stranger: CryptoKey;
let publicKey: object;
let isAway = false;

before(async () => {
  const own = await generateKeyPair('ES256');
  signer = own.privateKey;
  publicKey = { ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'ES256' };
  stranger = (await generateKeyPair('ES256')).privateKey;
  server = createServer(({ url }, response) => {
    if (isAway) {
      response.writeHead(503).end();
      return;
    }
    const discovery = { issuer, jwks_uri: `${issuer}/keys` };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(url === '/keys' ? { keys: [publicKey] } : discovery));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

const ANN = { sub: 'ann', groups: ['staff', 'sre'] } as const;

function options(change: Partial<OidcOptions> = {}): OidcOptions {
  return {
    ...{ issuer, audience: 'bpfleet', nameClaim: 'sub', groupsClaim: 'groups' },
    rules: [
      { role: 'viewer', group: 'staff' },
      { role: 'operator', group: 'sre' },
      { role: 'admin', group: 'root' },
    ],
    ...change,
  };
}

async function token(claims: JWTPayload, key = signer, expires = '5m'): Promise<string> {
  return new SignJWT({ aud: 'bpfleet', iss: issuer, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(key);
}

async function refusal(bearer: string, change: Partial<OidcOptions> = {}): Promise<string> {
  const error: unknown = await new OidcAuthenticator(options(change))
    .authenticate(bearer)
    .then((principal) => assert.fail(`taken as ${JSON.stringify(principal)}`))
    .catch((reason: unknown) => reason);
  assert.ok(error instanceof CredentialError, String(error));
  return error.message;
}

test('somebody whom the issuer knows has the largest role of their groups', async () => {
  assert.deepEqual(await new OidcAuthenticator(options()).authenticate(await token({ ...ANN })), {
    ...{ name: 'oidc:ann', role: 'operator', via: 'oidc' },
  });
});

test('somebody without a role, or a name, is told so', async () => {
  assert.match(await refusal(await token({ sub: 'eve' })), /^eve has no role here: --oidc-role/);
  assert.match(await refusal(await token(ANN), { nameClaim: 'upn' }), /has no upn$/);
  const mail = { ...ANN, email: 'ann@example.com' };
  assert.match(await refusal(await token(mail), { nameClaim: 'email' }), /not verified/);
});

test('what is expired, for others, of a stranger, unsigned or signed with a shared key is refused', async () => {
  assert.match(await refusal(await token(ANN, signer, '-5m')), /has expired$/);
  assert.match(await refusal(await token({ ...ANN, aud: 'other' })), /"aud"/);
  assert.match(await refusal(await token(ANN, stranger)), /signature/);
  const unsigned = new UnsecuredJWT({ ...ANN, iss: issuer, aud: 'bpfleet', exp: 4e9 }).encode();
  assert.match(await refusal(unsigned), /not taken/);
  const shared = await new SignJWT({ ...ANN, iss: issuer, aud: 'bpfleet', exp: 4e9 })
    .setProtectedHeader({ alg: 'HS256', kid: 'one' })
    .sign(new TextEncoder().encode(JSON.stringify(publicKey)));
  assert.match(await refusal(shared), /"alg"/);
  const good = await token(ANN);
  const [head = '', , signature = ''] = good.split('.');
  const claims = { ...ANN, groups: ['root'], iss: issuer, aud: 'bpfleet', exp: 4e9 };
  const forged = Buffer.from(JSON.stringify(claims)).toString('base64url');
  assert.match(await refusal(`${head}.${forged}.${signature}`), /signature/);
});

test('what is no token of this issuer is left to others', async () => {
  const oidc = new OidcAuthenticator(options());
  for (const bearer of [
    '',
    'x',
    'a.b.c',
    'bpf_1_2',
    await token({ ...ANN, iss: 'https://other' }),
  ]) {
    assert.equal(await oidc.authenticate(bearer), undefined, bearer);
  }
});

test('an issuer that is away is asked again', async () => {
  const oidc = new OidcAuthenticator(options());
  isAway = true;
  await assert.rejects(oidc.authenticate(await token(ANN)), /is not taken: .* 503/);
  isAway = false;
  assert.ok(await oidc.authenticate(await token(ANN)));
});
