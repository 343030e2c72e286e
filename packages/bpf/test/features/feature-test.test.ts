import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FeatureTest, runFeatureTest, unsupported } from '../../src/features/feature-test.ts';
import { KernelError } from '../../src/sys/kernel-error.ts';

function feature(attempt: () => string | undefined): FeatureTest {
  const about = { name: 'ring buffers', minimumKernel: '5.8', commit: '457f44363a88' };
  return { ...about, refusals: ['EINVAL'], attempt };
}

function failing(errno: number): FeatureTest {
  return feature(() => {
    throw new KernelError('bpf(BPF_MAP_CREATE)', errno);
  });
}

test('what works is supported', () => {
  assert.deepEqual(
    runFeatureTest(
      feature(() => undefined),
      () => true,
    ),
    { kind: 'supported' },
  );
});

test('what the kernel does not know is unsupported', () => {
  const state = runFeatureTest(failing(22), () => true);
  assert.deepEqual(state, {
    kind: 'unsupported',
    reason: 'refused with EINVAL',
    refusal: 'EINVAL',
  });
});

test('EPERM means a refusal where other programs may be loaded, and else nothing', () => {
  const state = runFeatureTest(failing(1), () => true);
  assert.deepEqual(state, {
    kind: 'unsupported',
    reason: 'refused with EPERM',
    refusal: 'EPERM',
  });
  assert.equal(runFeatureTest(failing(1), () => false).kind, 'unknown');
});

test('any other failure says nothing about the kernel', () => {
  assert.equal(runFeatureTest(failing(12), () => true).kind, 'unknown');
});

for (const [kernelRelease, reason, message] of [
  ['5.4.0-42-generic', 'no rings', 'ring buffers not supported (requires kernel >= 5.8)'],
  ['6.18.0', 'no rings', 'ring buffers not supported: no rings'],
] as const) {
  test(`on ${kernelRelease}, ${reason} reads: ${message}`, () => {
    assert.equal(unsupported(failing(22), reason, kernelRelease).message, message);
  });
}
