import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FakeKernel } from '../../../../test/support/fake-kernel.ts';
import { mountTracefs, Tracefs } from '../../src/kernel/tracefs.ts';

const root = mkdtempSync(join(tmpdir(), 'bpfleet-tracefs-'));
after(() => {
  rmSync(root, { recursive: true });
});
mkdirSync(join(root, 'events/sched/sched_switch'), { recursive: true });
writeFileSync(join(root, 'available_events'), 'sched:sched_switch\nblock:block_bio\n');
writeFileSync(join(root, 'events/sched/sched_switch/format'), 'ID: 9\nformat:\n');

test('finds tracefs on its own before the one inside debugfs', () => {
  const mounts = `debugfs ${root} debugfs rw 0 0\ntracefs /sys/kernel/tracing tracefs rw 0 0\n`;
  assert.equal(Tracefs.find(mounts)?.root, '/sys/kernel/tracing');
});

test('finds tracefs inside debugfs only if it is there', () => {
  mkdirSync(join(root, 'tracing/events'), { recursive: true });
  assert.equal(Tracefs.find(`d ${root} debugfs rw 0 0`)?.root, join(root, 'tracing'));
  assert.equal(Tracefs.find(`d ${root}/events debugfs rw 0 0`), undefined);
  assert.equal(Tracefs.find('proc /proc proc rw 0 0'), undefined);
});

test('lists events and reads their formats', () => {
  const tracefs = new Tracefs(root);
  assert.deepEqual(tracefs.events(), [
    { category: 'sched', event: 'sched_switch' },
    { category: 'block', event: 'block_bio' },
  ]);
  assert.equal(tracefs.format('sched', 'sched_switch')?.id, 9);
  assert.equal(tracefs.format('sched', 'nope'), undefined);
  assert.equal(tracefs.availableFilterFunctions(), undefined);
});

test('names with dots or slashes lead nowhere', () => {
  const tracefs = new Tracefs(join(root, 'events'));
  assert.equal(tracefs.format('..', 'sched'), undefined);
  assert.equal(tracefs.format('sched/../sched', 'sched_switch'), undefined);
});

test('a mount that is refused names the command', () => {
  assert.throws(() => {
    mountTracefs(new FakeKernel());
  }, /EPERM: operation not permitted; as root run: mount -t tracefs tracefs \/sys\/kernel\/tracing$/);
});
