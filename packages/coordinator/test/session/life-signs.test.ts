import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LifeSigns } from '../../src/session/life-signs.ts';

/** Ticks a few times a second, as the registry does. */
function tickFrom(life: LifeSigns, fromMs: number, toMs: number): void {
  for (let nowMs = fromMs; nowMs <= toMs; nowMs += 250) life.tick(nowMs);
}

describe('signs of life', () => {
  it('takes a host without heartbeats or frames for silent', () => {
    const life = new LifeSigns(5_000);
    tickFrom(life, 10_000, 20_000);
    assert.equal(life.isSilent('a', 15_000, 20_000), false);
    assert.equal(life.isSilent('a', 14_999, 20_000), true);
  });

  it('hears a host by its frames', () => {
    const life = new LifeSigns(5_000);
    tickFrom(life, 10_000, 20_000);
    life.heard('a', 16_000);
    assert.equal(life.isSilent('a', 0, 20_000), false);
    assert.equal(life.isSilent('b', 0, 20_000), true);
  });

  it('blames nobody for the time in which the coordinator itself stood still', () => {
    const life = new LifeSigns(5_000);
    tickFrom(life, 10_000, 11_000);
    life.tick(30_000);
    assert.equal(life.isSilent('a', 11_000, 30_000), false);
    tickFrom(life, 30_250, 36_000);
    assert.equal(life.isSilent('a', 11_000, 36_000), true);
  });
});
