import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { correctionOf } from '../../src/fleet/clock.ts';

describe('the correction of a clock', () => {
  it('moves a clock that is off by more than the error of the estimate', () => {
    const estimate = { offsetNs: -60e9, errorNs: 3e6 };
    assert.deepEqual(correctionOf(estimate), estimate);
  });

  it('leaves clocks alone that may agree, and owns up to the doubt', () => {
    assert.deepEqual(correctionOf({ offsetNs: 2e6, errorNs: 3e6 }), { offsetNs: 0, errorNs: 5e6 });
  });
});
