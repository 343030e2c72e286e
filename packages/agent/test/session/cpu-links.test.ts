/** Probes on CPUs that come and go. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FdLink, type Link } from '@bpfleet/bpf';
import { CpuLinks } from '../../src/session/cpu-links.ts';

/** What is attached on which CPU, by the letters of a log. */
class FakeCpus {
  readonly attached = new Set<number>();
  refused: number | undefined;

  attach = (cpu: number): Link => {
    if (cpu === this.refused) throw new Error(`no CPU ${cpu}`);
    assert.ok(!this.attached.has(cpu));
    this.attached.add(cpu);
    const link = new FdLink('profile:hz:99', []);
    link[Symbol.dispose] = () => void this.attached.delete(cpu);
    link.stop = () => Promise.resolve(link[Symbol.dispose]());
    return link;
  };

  get list(): readonly number[] {
    return [...this.attached].toSorted((a, b) => a - b);
  }
}

suite('probes on CPUs', () => {
  test('follow CPUs that come and go', async () => {
    const cpus = new FakeCpus();
    const links = CpuLinks.attach('profile:hz:99', 'all', [0, 1], cpus.attach);
    assert.deepEqual(cpus.list, [0, 1]);
    links.follow([0]);
    assert.deepEqual(cpus.list, [0]);
    links.follow([0, 1, 2]);
    assert.deepEqual(cpus.list, [0, 1, 2]);
    await links.stop();
    assert.deepEqual(cpus.list, []);
    links.follow([0]);
    assert.deepEqual(cpus.list, []);
  });

  test('that are on one CPU move when it goes, and stay when it comes back', () => {
    const cpus = new FakeCpus();
    const links = CpuLinks.attach('interval:s:1', 'one', [0, 1], cpus.attach);
    assert.deepEqual(cpus.list, [0]);
    links.follow([1]);
    assert.deepEqual(cpus.list, [1]);
    links.follow([0, 1]);
    assert.deepEqual(cpus.list, [1]);
  });

  test('leave nothing behind when one cannot be attached', () => {
    const cpus = new FakeCpus();
    cpus.refused = 1;
    assert.throws(() => CpuLinks.attach('profile:hz:99', 'all', [0, 1], cpus.attach), /no CPU 1/);
    assert.deepEqual(cpus.list, []);
  });
});
