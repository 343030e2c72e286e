import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CoordinatorClock } from '../../src/supervisor/coordinator-clock.ts';

describe('the clock of the coordinator', () => {
  it('is told by the beat that was fastest', () => {
    const clock = new CoordinatorClock();
    assert.equal(clock.untilMs(5_000, 0), undefined);
    for (const [sentAtMs, nowMs] of [
      [10_000, 130],
      [11_000, 1_010],
      [12_000, 2_900],
    ] as const) {
      clock.heard({ sentAtMs }, nowMs);
    }
    assert.equal(clock.untilMs(13_000, 2_900), 110);
  });

  for (const [what, setByMs] of [
    ['back', -180_000],
    ['forward', 180_000],
  ] as const) {
    it(`is followed when it is set ${what}`, () => {
      const clock = new CoordinatorClock();
      const beat = (second: number, ms: number): void =>
        clock.heard({ sentAtMs: 1_000_000 + second * 1_000 + ms }, second * 1_000);
      for (let second = 0; second < 10; second++) beat(second, 0);
      for (let second = 10; second < 13; second++) beat(second, setByMs);
      assert.equal(clock.untilMs(1_013_000 + setByMs, 12_000), 1_000);
    });
  }
});
