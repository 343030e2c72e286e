import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkResult, isKernelError, KernelError } from '../../src/sys/kernel-error.ts';

for (const [errno, text] of [
  [1, 'EPERM: operation not permitted'],
  [2, 'ENOENT: no such file or directory'],
  [11, 'EAGAIN: resource temporarily unavailable'],
  [22, 'EINVAL: invalid argument'],
  [28, 'ENOSPC: no space left on device'],
  [95, 'EOPNOTSUPP: operation is not supported'],
  [524, 'ENOTSUPP: operation is not supported'],
  [4711, 'errno 4711: unknown error'],
] as const) {
  test(`errno ${errno} reads ${text}`, () => {
    assert.equal(new KernelError('mmap', errno).message, `mmap: ${text}`);
  });
}

test('an explanation takes the place of the general text', () => {
  const error = new KernelError('perf_event_open', 2, 'no such symbol');
  assert.equal(error.message, 'perf_event_open: ENOENT: no such symbol');
});

test('a result passes and a negative one throws', () => {
  assert.equal(checkResult('close', 3), 3);
  assert.throws(
    () => checkResult('close', -9),
    (error) => isKernelError(error, 'EBADF') && !isKernelError(error, 'EPERM'),
  );
});
