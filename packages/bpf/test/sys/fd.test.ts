import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeKernel } from '../../../../test/support/fake-kernel.ts';
import { Fd, trackFds } from '../../src/sys/fd.ts';

test('a descriptor is closed once and not usable afterwards', async () => {
  const kernel = new FakeKernel();
  const fd = new Fd(5, kernel, 'test');
  assert.equal(fd.number, 5);
  fd.close();
  fd.close();
  await fd.closeAsync();
  assert.deepEqual(kernel.log, ['close']);
  assert.equal(fd.isOpen, false);
  assert.throws(() => fd.number, /closed file descriptor/);
});

test('an open descriptor is reported with where it was opened', () => {
  const open = trackFds();
  const fd = new Fd(6, new FakeKernel(), 'map x');
  const creation = open.get(fd);
  assert.match(creation?.message ?? '', /descriptor 6 \(map x\)/);
  assert.match(creation?.stack ?? '', /fd\.test\.ts/);
  fd.close();
  assert.equal(open.has(fd), false);
});
