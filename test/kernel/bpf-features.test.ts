/** What the feature tests say of this kernel, compared with what its release promises. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  Features,
  type FeatureName,
  kernelVersion,
  measureClockOffset,
  openKernel,
  readHost,
} from '@bpfleet/bpf';
import { failOnFdLeaks } from '../support/fd-leaks.ts';
import { notRoot } from '../support/needs-kernel.ts';

failOnFdLeaks();

/** Since when each is in Linux whatever its configuration. */
const ALWAYS_SINCE: Partial<Record<FeatureName, readonly [number, number]>> = {
  ringBuffer: [5, 8],
  batch: [5, 6],
  boundedLoops: [5, 3],
  perfLink: [5, 15],
  rawTracepointTestRun: [5, 10],
  forEachMapElem: [5, 13],
  bpfLoop: [5, 17],
  signedDivision: [6, 6],
  lookupPercpuElem: [5, 19],
  taiClock: [6, 1],
  longPrograms: [5, 2],
};

describe('features of the kernel', { skip: notRoot() }, () => {
  const calls = openKernel();
  const { kernelRelease } = readHost();
  const features = new Features(calls, kernelRelease);
  const [major, minor] = kernelVersion(kernelRelease);

  for (const [name, since] of Object.entries(ALWAYS_SINCE)) {
    const isPromised = major > since[0] || (major === since[0] && minor >= since[1]);
    test(`${name} is there since Linux ${since.join('.')}`, () => {
      const has = features.has(name as FeatureName);
      assert.equal(has, isPromised, features.whyNot(name as FeatureName));
    });
  }

  test('every feature test comes to an answer', () => {
    for (const [name, state] of Object.entries(features.all())) {
      assert.notEqual(state.kind, 'unknown', name);
    }
  });

  test('a missing feature says why', () => {
    for (const name of ['kprobe', 'fentry'] as const) {
      if (features.has(name)) continue;
      assert.match(
        features.whyNot(name) ?? '',
        /not supported(: no kprobes in this kernel|: refused with EPERM| \(requires kernel >= )/,
      );
    }
  });

  test('the clock of programs leads to the time of day', () => {
    const { offsetNs, errorNs } = measureClockOffset(calls, 'boottime');
    const bootMs = Number((calls.clockGettime(7) + offsetNs) / 1_000_000n);
    assert.ok(Math.abs(bootMs - Date.now()) < 1000);
    assert.ok(errorNs > 0n);
  });
});
