import assert from 'node:assert/strict';
import test from 'node:test';
import { atLeastText, hostsNeeded } from '@bpfleet/protocol';

test('a share of hosts is rounded up, and is one host at least', () => {
  const needed = (percent: number, hosts: number): number =>
    hostsNeeded({ kind: 'percent', percent }, hosts);
  assert.equal(needed(95, 20), 19);
  assert.equal(needed(95, 21), 20);
  assert.equal(needed(100, 7), 7);
  assert.equal(needed(0.1, 3), 1);
  // 0.07 × 100 is more than 7 in floating point.
  assert.equal(needed(7, 100), 7);
});

test('without a wish one host is needed', () => {
  assert.equal(hostsNeeded(undefined, 500), 1);
  assert.equal(hostsNeeded({ kind: 'hosts', hosts: 3 }, 2), 3);
});

test('it is written as it was given', () => {
  assert.equal(atLeastText({ kind: 'percent', percent: 99.5 }), '99.5%');
  assert.equal(atLeastText({ kind: 'hosts', hosts: 40 }), '40');
});
