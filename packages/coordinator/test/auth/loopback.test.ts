/** What is this machine, which pages are foreign, and where an API may listen. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listenerFault } from '../../src/auth/listener-fault.ts';
import { foreignPage, isLoopback } from '../../src/auth/loopback.ts';

test('loopback is 127.0.0.0/8, ::1 and localhost, in every spelling', () => {
  for (const host of [
    '127.0.0.1',
    '127.255.3.4',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    'localhost',
    'LOCALHOST',
    'a.localhost',
    'localhost.',
  ]) {
    assert.equal(isLoopback(host), true, host);
  }
  for (const host of [
    '127.0.0.256',
    '127.1',
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '::ffff:10.0.0.1',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'notlocalhost',
    '',
  ]) {
    assert.equal(isLoopback(host), false, host);
  }
});

test('a page of elsewhere is told from a program on this machine', () => {
  const own = { host: '127.0.0.1:8080', origin: undefined, fetchSite: undefined };
  for (const host of ['127.0.0.1:8080', 'localhost', '[::1]:8080']) {
    assert.equal(foreignPage({ ...own, host }), undefined, host);
  }
  assert.equal(
    foreignPage({ ...own, origin: 'http://localhost:3000', fetchSite: 'same-origin' }),
    undefined,
  );
  assert.match(foreignPage({ ...own, host: 'evil.example:8080' }) ?? '', /not for this machine/);
  assert.match(foreignPage({ ...own, host: undefined }) ?? '', /no host/);
  assert.match(foreignPage({ ...own, origin: 'https://evil.example' }) ?? '', /evil\.example/);
  assert.match(foreignPage({ ...own, origin: 'null' }) ?? '', /null/);
  assert.match(foreignPage({ ...own, fetchSite: 'cross-site' }) ?? '', /another site/);
  assert.match(foreignPage({ ...own, fetchSite: 'same-site' }) ?? '', /another site/);
});

const OPEN = { host: '0.0.0.0', hasTls: false, hasAuthentication: false, insecureHttp: false };

test('beyond this machine an API has TLS and knows its callers, or was told to do without', () => {
  assert.equal(listenerFault({ ...OPEN, host: '127.0.0.1' }), undefined);
  assert.match(listenerFault(OPEN) ?? '', /TLS: --tls-cert.*and authentication: --tokens/);
  assert.match(listenerFault({ ...OPEN, hasTls: true }) ?? '', /needs authentication/);
  assert.match(listenerFault({ ...OPEN, hasAuthentication: true }) ?? '', /needs TLS/);
  assert.equal(listenerFault({ ...OPEN, hasTls: true, hasAuthentication: true }), undefined);
  assert.equal(listenerFault({ ...OPEN, insecureHttp: true, anonymous: 'viewer' }), undefined);
});
