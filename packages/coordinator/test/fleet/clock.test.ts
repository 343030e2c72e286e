import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { correctionOf, errorBetween } from '../../src/fleet/clock.ts';

describe('the correction of a clock', () => {
  it('moves a clock that is off by more than the error of the estimate', () => {
    const estimate = { offsetNs: -60e9, errorNs: 3e6 };
    assert.deepEqual(correctionOf(estimate), estimate);
  });

  it('leaves clocks alone that may agree, and owns up to the doubt', () => {
    assert.deepEqual(correctionOf({ offsetNs: 2e6, errorNs: 3e6 }), { offsetNs: 0, errorNs: 5e6 });
  });
});

describe('the error between clocks', () => {
  it('is that of the two worst, and of one alone its own', () => {
    const clocks = [2e6, 5e6, 3e6].map((errorNs) => ({ offsetNs: 0, errorNs }));
    assert.equal(errorBetween(clocks), 8e6);
    assert.equal(errorBetween(clocks.slice(0, 1)), 2e6);
    assert.equal(errorBetween([]), 0);
  });
});
