import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { skewBetween, type ClockEstimate } from '../../src/fleet/clock.ts';
import { SessionClock } from '../../src/session/session-clock.ts';

const estimate = (offsetMs: number, errorMs = 2): ClockEstimate => ({
  offsetNs: offsetMs * 1e6,
  errorNs: errorMs * 1e6,
});

describe('the clock of a session', () => {
  it('is this one where both say the same of the hosts, but for their errors', () => {
    assert.equal(skewBetween([{ mine: estimate(3), theirs: estimate(0, 3) }]), 0);
    assert.equal(skewBetween([]), 0);
  });

  it('is off by what most hosts say', () => {
    const pairs = [
      { mine: estimate(120_000), theirs: estimate(0) },
      { mine: estimate(60_000), theirs: estimate(-60_000) },
      { mine: estimate(0), theirs: estimate(0) },
    ];
    assert.equal(skewBetween(pairs), 120_000e6);
  });

  it('goes by the clock of the coordinator that began the session', () => {
    const clock = new SessionClock();
    const fleet = { clock: (): ClockEstimate => estimate(-120_000) };
    clock.look({ one: estimate(0) }, fleet, 0);
    const aheadMs = clock.nowMs() - Date.now();
    assert.ok(aheadMs > 119_000 && aheadMs < 121_000);
    assert.equal(clock.estimate('two', fleet)?.offsetNs, 0);
  });

  it('is this one as long as nothing is known', () => {
    const clock = new SessionClock();
    clock.look({ one: estimate(0) }, { clock: () => undefined }, 0);
    assert.ok(Math.abs(clock.nowMs() - Date.now()) < 1_000);
  });
});
