/** What the feature tests say of this kernel, compared with what its release promises. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
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

const KPROBE_EVENTS = '/sys/bus/event_source/devices/kprobe';
const UPROBE_EVENTS = '/sys/bus/event_source/devices/uprobe';
const BTF = '/sys/kernel/btf/vmlinux';

/** CONFIG_FPROBE: Debian's 6.1 is without. */
const hasFprobe = / register_fprobe_ips$/m.test(readFileSync('/proc/kallsyms', 'latin1'));

/** What a configuration may leave out, and whether this one has it. The others are in every kernel. */
const CONFIGURED: Partial<Record<FeatureName, boolean>> = {
  btf: existsSync(BTF),
  kprobe: existsSync(KPROBE_EVENTS),
  kprobeMulti: hasFprobe,
  kprobeSession: hasFprobe,
  uprobe: existsSync(UPROBE_EVENTS),
  uprobeMulti: existsSync(UPROBE_EVENTS),
  rawTracepointBtf: existsSync(BTF),
  iterators: existsSync(BTF),
  dPath: existsSync(BTF),
};

describe('features of the kernel', { skip: notRoot() }, () => {
  const calls = openKernel();
  const { kernelRelease } = readHost();
  const features = new Features(calls, kernelRelease);
  const [major, minor] = kernelVersion(kernelRelease);

  for (const name of features.names) {
    const { minimumKernel, commit } = features.origin(name);
    const since = kernelVersion(minimumKernel);
    const isPromised = major > since[0] || (major === since[0] && minor >= since[1]);
    test(`${name} is there since Linux ${minimumKernel}`, () => {
      assert.match(commit, /^[0-9a-f]{12}$/);
      const missing = CONFIGURED[name] === false;
      // Of a kernel that is configured with trampolines and refuses them to all.
      const state = features.state(name);
      const refused = name === 'fentry' && state.kind === 'unsupported' && isLocked(state.refusal);
      if (missing || refused) return;
      // Distributions add what is newer than their kernels.
      if (isPromised) assert.equal(state.kind, 'supported', features.whyNot(name));
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

function isLocked(refusal: string | undefined): boolean {
  return refusal === 'EPERM';
}
