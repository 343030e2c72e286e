import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CoordinatorInfo } from '@bpfleet/protocol';
import { LEASE_MS, Peers } from '../../src/peers/peers.ts';

const A: CoordinatorInfo = { version: 1, id: 'a', process: 'p', startedAtMs: 0 };

/** Lets time pass as a coordinator does that is never held up. */
function pass(peers: Peers, fromMs: number, toMs: number, connected = true): void {
  for (let ms = fromMs; ms <= toMs; ms += 100) peers.tick(ms, connected);
}

describe('which coordinators live', () => {
  it('one lives while its entry changes, whatever it says about the time', () => {
    const peers = new Peers();
    pass(peers, 0, 10_000);
    peers.heard(A, 1, 10_000);
    pass(peers, 10_100, 10_000 + LEASE_MS);
    assert.equal(peers.hasLapsed('a', 10_000 + LEASE_MS), false);
    peers.heard({ ...A, startedAtMs: 99_999_999 }, 2, 10_000 + LEASE_MS);
    assert.equal(peers.hasLapsed('a', 10_000 + 2 * LEASE_MS), false);
    assert.equal(peers.hasLapsed('a', 10_001 + 2 * LEASE_MS), true);
  });

  it('an entry that is seen again without a change is no sign of life', () => {
    const peers = new Peers();
    pass(peers, 0, 10_000);
    peers.heard(A, 1, 1_000);
    peers.heard(A, 1, 9_000);
    assert.equal(peers.hasLapsed('a', 10_000), true);
  });

  it('one that was never heard of has lapsed once it could have been heard', () => {
    const peers = new Peers();
    peers.tick(500, true);
    assert.equal(peers.hasLapsed('a', 500 + LEASE_MS), false);
    assert.equal(peers.hasLapsed('a', 501 + LEASE_MS), true);
  });

  it('nobody has lapsed before time began to pass here', () => {
    assert.equal(new Peers().hasLapsed('a', 1e9), false);
  });

  it('nobody has lapsed while the broker is away, nor just after', () => {
    const peers = new Peers();
    pass(peers, 0, 1_000);
    peers.heard(A, 1, 1_000);
    pass(peers, 1_100, 20_000, false);
    assert.equal(peers.hasLapsed('a', 20_000), false);
    pass(peers, 20_100, 21_000);
    assert.equal(peers.hasLapsed('a', 20_100 + LEASE_MS), false);
    assert.equal(peers.hasLapsed('a', 20_101 + LEASE_MS), true);
  });

  it('nobody has lapsed just after this process was stopped itself', () => {
    const peers = new Peers();
    pass(peers, 0, 1_000);
    peers.heard(A, 1, 1_000);
    pass(peers, 60_000, 60_100);
    assert.equal(peers.hasLapsed('a', 60_000 + LEASE_MS), false);
    assert.equal(peers.hasLapsed('a', 60_001 + LEASE_MS), true);
  });

  it('one that has given up its sessions has lapsed at once, until it is back', () => {
    const peers = new Peers();
    pass(peers, 0, 1_000);
    peers.heard(A, 1, 1_000);
    peers.heard({ ...A, released: true }, 2, 1_000);
    assert.equal(peers.hasLapsed('a', 1_000), true);
    assert.deepEqual(peers.living(1_000), []);
    peers.heard(A, 3, 1_000);
    assert.equal(peers.hasLapsed('a', 1_000), false);
    assert.deepEqual(peers.living(1_000), [A]);
  });
});
