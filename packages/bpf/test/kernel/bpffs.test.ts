import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeKernel } from '../../../../test/support/fake-kernel.ts';
import { mountBpffsFor } from '../../src/kernel/bpffs.ts';

const MOUNTED = 'sysfs /sys sysfs rw 0 0\nbpf /sys/fs/bpf bpf rw 0 0\n';
const BARE = 'sysfs /sys sysfs rw 0 0\n';

test('nothing is mounted where something is, or for a path elsewhere', () => {
  const kernel = new FakeKernel();
  mountBpffsFor('/sys/fs/bpf/tasks', kernel, MOUNTED);
  mountBpffsFor('/tmp/pins/tasks', kernel, BARE);
  assert.deepEqual(kernel.log, []);
});

test('a mount that is refused names the command', () => {
  assert.throws(() => {
    mountBpffsFor('/sys/fs/bpf/tasks', new FakeKernel(), BARE);
  }, /EPERM: operation not permitted; as root run: mount -t bpf bpf \/sys\/fs\/bpf$/);
});
