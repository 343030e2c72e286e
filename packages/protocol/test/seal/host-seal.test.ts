import assert from 'node:assert/strict';
import { test } from 'node:test';
import { subjects } from '../../src/index.ts';
import { CLEAR_HOSTS, FleetKey, sealedHosts, SealFault } from '../../src/seal/index.ts';
import { bytesOf, textOf } from './keys.ts';

const KEY = new FleetKey(new Uint8Array(32).fill(1));
const HOSTS = sealedHosts(KEY);
const dataOf = (name: string): string => subjects.data('s1', name);

test('a host is named by a pseudonym outside, and by its name inside', () => {
  const host = 'db-1.ünïcode';
  const subject = dataOf(HOSTS.nameOf(host));
  assert.ok(!subject.includes('db-1'));
  const sealed = HOSTS.seal(subject, { host, body: bytesOf('frame') });
  const opened = HOSTS.open(subject, sealed, dataOf);
  assert.ok(!(opened instanceof SealFault));
  assert.equal(opened.subject, dataOf(host));
  assert.equal(textOf(opened.body), 'frame');
});

test('a host that has the key cannot speak for another one under its own subject', () => {
  const subject = dataOf(HOSTS.nameOf('web-1'));
  const sealed = HOSTS.seal(subject, { host: 'web-2', body: bytesOf('frame') });
  const opened = HOSTS.open(subject, sealed, dataOf);
  assert.ok(opened instanceof SealFault);
  assert.match(opened.message, /another host/);
});

test('a sealed message that names no host is refused', () => {
  const subject = dataOf(HOSTS.nameOf('web-1'));
  for (const plain of [[], [1], [9, 0, 65], [1, 0, 0xff], [0xff, 0xff]]) {
    const opened = HOSTS.open(subject, KEY.seal(subject, Uint8Array.from(plain)), dataOf);
    assert.ok(opened instanceof SealFault, plain.join(' '));
  }
});

test('without keys messages travel as they are, and sealed ones are refused with what to do', () => {
  const subject = dataOf('web-1');
  const body = CLEAR_HOSTS.seal(subject, { host: 'web-1', body: bytesOf('{}') });
  assert.deepEqual(CLEAR_HOSTS.open(subject, body, dataOf), { subject, body });
  const sealed = CLEAR_HOSTS.open(subject, KEY.seal(subject, body), dataOf);
  assert.ok(sealed instanceof SealFault);
  assert.match(sealed.message, /without --keys/);
});
