import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Heartbeat } from '@bpfleet/protocol';
import { Fleet } from '../../src/fleet/fleet.ts';

function heartbeat(host: string, change: Partial<Heartbeat> = {}): Heartbeat {
  return {
    version: 1,
    host,
    labels: { role: 'web' },
    kernel: '6.1.0',
    arch: 'x86_64',
    features: [],
    agentVersion: '0.1.0',
    startedAtMs: 1,
    sentAtNs: '0',
    sessions: [],
    ...change,
  };
}

const ms = (value: number): bigint => BigInt(value) * 1_000_000n;

describe('the fleet', () => {
  it('has a host from its first heartbeat until five seconds after its last', () => {
    const fleet = new Fleet();
    assert.equal(fleet.heartbeat(heartbeat('a'), ms(1_000)), 'joined');
    assert.equal(fleet.heartbeat(heartbeat('a'), ms(2_000)), 'known');
    assert.equal(fleet.isLive('a', 7_000), true);
    assert.equal(fleet.isLive('a', 7_001), false);
    assert.equal(fleet.hosts(7_001)[0]?.state, 'lost');
  });

  it('notices a restarted agent and one that was silent', () => {
    const fleet = new Fleet();
    fleet.heartbeat(heartbeat('a'), ms(0));
    assert.equal(fleet.heartbeat(heartbeat('a', { startedAtMs: 2 }), ms(1_000)), 'restarted');
    assert.equal(fleet.heartbeat(heartbeat('a', { startedAtMs: 2 }), ms(9_000)), 'returned');
  });

  it('selects live hosts by name and label', () => {
    const fleet = new Fleet();
    fleet.heartbeat(heartbeat('b'), ms(9_000));
    fleet.heartbeat(heartbeat('a'), ms(9_000));
    fleet.heartbeat(heartbeat('db', { labels: { role: 'db' } }), ms(9_000));
    fleet.heartbeat(heartbeat('gone'), ms(1_000));
    const select = (hosts: readonly string[], labels: Record<string, string>) =>
      fleet.select({ hosts, labels }, 10_000);
    assert.deepEqual(select([], {}), ['a', 'b', 'db']);
    assert.deepEqual(select([], { role: 'web' }), ['a', 'b']);
    assert.deepEqual(select(['db', 'a'], { role: 'web' }), ['a']);
    assert.deepEqual(select(['gone'], {}), []);
  });

  it('estimates how far a clock is off from the fastest heartbeat', () => {
    const fleet = new Fleet();
    fleet.setRoundTripMs(1);
    const delaysMs = [30, 12, 500, 14];
    for (const [index, delayMs] of delaysMs.entries()) {
      const sentMs = 1_000_000 + index * 1_000;
      const sent = heartbeat('ahead', { sentAtNs: ms(sentMs + 60_000).toString() });
      fleet.heartbeat(sent, ms(sentMs + delayMs));
    }
    const clock = fleet.clock('ahead');
    assert.equal(clock?.offsetNs, -60_000e6 + 12e6);
    assert.ok(clock.errorNs >= 2e6);
  });
});
