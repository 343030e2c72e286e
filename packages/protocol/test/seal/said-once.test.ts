import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SaidOnce } from '../../src/seal/index.ts';

test('of each thing a reason is said once, whatever numbers are in it, and all are counted', () => {
  const said: string[] = [];
  const once = new SaidOnce((what, reason) => said.push(`${what}: ${reason}`));
  once.say('session s1', 'it expired 301 s ago');
  once.say('session s1', 'it expired 302 s ago');
  once.say('session s2', 'it expired 302 s ago');
  once.say('session s1', 'it is not sealed');
  assert.deepEqual(said, [
    'session s1: it expired 301 s ago',
    'session s2: it expired 302 s ago',
    'session s1: it is not sealed',
  ]);
  assert.equal(once.count, 4);
});
