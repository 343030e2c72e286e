import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelVersion, readHost } from '../../src/kernel/host.ts';

test('reads a machine whose online CPUs are among the possible ones', () => {
  const host = readHost();
  assert.ok(host.onlineCpus.length >= 1 && host.onlineCpus.length <= host.possibleCpus);
  assert.ok([4096, 16384, 65536].includes(host.pageSize));
  assert.match(host.bootId, /^[\da-f-]{36}$/);
});

test('finds the version in a release', () => {
  assert.deepEqual(kernelVersion('6.1.0-13-amd64'), [6, 1]);
  assert.deepEqual(kernelVersion('5.15.0-1051-aws'), [5, 15]);
});
