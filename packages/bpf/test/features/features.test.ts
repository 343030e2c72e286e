/** The answers of a kernel: kept, and put in words. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FakeKernel } from '../../../../test/support/fake-kernel.ts';
import { Features } from '../../src/features/features.ts';
import { BPF_MAP_CREATE } from '../../src/sys/constants.ts';

const [EPERM, EINVAL] = [1, 22];

suite('Features', () => {
  test('asks once', () => {
    const kernel = new FakeKernel();
    const features = new Features(kernel, '6.1.0', () => undefined);
    assert.ok(features.has('ringBuffer'));
    const calls = kernel.log.length;
    assert.ok(features.has('ringBuffer'));
    assert.equal(kernel.log.length, calls);
  });

  test('says yes, no or unknown of what was asked, and why', () => {
    const kernel = new FakeKernel();
    const features = new Features(kernel, '6.1.0', () => undefined);
    features.has('perfLink');
    kernel.answers.set(BPF_MAP_CREATE, () => -EINVAL);
    features.has('ringBuffer');
    features.has('rawTracepointBtf');
    kernel.answers.clear();
    assert.deepEqual(features.asked(), [
      'BPF links to perf events: yes',
      'ring buffers: no: refused with EINVAL',
      'raw tracepoints with BTF: no: no BTF in this kernel (CONFIG_DEBUG_INFO_BTF)',
    ]);
  });

  test('does not take missing rights for a missing feature', () => {
    const kernel = new FakeKernel();
    for (const command of [BPF_MAP_CREATE, 5]) kernel.answers.set(command, () => -EPERM);
    const features = new Features(kernel, '6.1.0', () => undefined);
    assert.equal(features.has('ringBuffer'), false);
    assert.match(features.asked()[0] ?? '', /^ring buffers: unknown: .*EPERM/);
  });
});
