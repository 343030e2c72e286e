/** What a coordinator is told of issuers and clusters, and refuses to be told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import {
  identitiesOf,
  withIdentityFlags,
  type IdentityFlags,
} from '../../src/commands/identity-flags.ts';

function parsed(argv: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const command = withIdentityFlags(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return identitiesOf(command.parse(argv, { from: 'user' }).opts<IdentityFlags>(), environment);
}

test('an issuer is told with its audience, and roles by group', () => {
  const issuer = ['--oidc-issuer', 'https://login.example.com', '--oidc-audience', 'bpfleet'];
  const { oidc } = parsed([...issuer, '--oidc-role', 'admin=root', '--oidc-role', 'viewer=a=b']);
  assert.deepEqual(oidc, {
    ...{ issuer: 'https://login.example.com', audience: 'bpfleet' },
    ...{ nameClaim: 'sub', groupsClaim: 'groups' },
    rules: [
      { role: 'admin', group: 'root' },
      { role: 'viewer', group: 'a=b' },
    ],
  });
});

test('a cluster is the one around, or one that is named', () => {
  const around = { KUBERNETES_SERVICE_HOST: 'fd00::1' };
  const { kubernetes } = parsed(['--kubernetes-auth', '--kubernetes-role', 'operator=sre'], around);
  assert.equal(kubernetes?.url, 'https://[fd00::1]:443');
  assert.match(kubernetes?.tokenPath ?? '', /serviceaccount\/token$/);
  const named = parsed(['--kubernetes-auth-api', 'http://127.0.0.1:8001']);
  assert.deepEqual(named.kubernetes, { url: 'http://127.0.0.1:8001', rules: [] });
  assert.deepEqual(parsed([]), {});
});

for (const [argv, message] of [
  [['--oidc-issuer', 'https://a'], /needs --oidc-audience/],
  [['--oidc-issuer', 'http://a.example', '--oidc-audience', 'x'], /without TLS/],
  [['--oidc-issuer', 'nowhere', '--oidc-audience', 'x'], /not an http/],
  [['--oidc-role', 'god=all'], /ROLE=GROUP/],
  [['--kubernetes-auth'], /no pod of a cluster/],
] as const) {
  test(`${argv.join(' ')} is refused`, () => {
    assert.throws(() => parsed(argv), message);
  });
}
