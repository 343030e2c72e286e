import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  correctionOf,
  errorBetween,
  HostClock,
  inFleetTime,
  keptClock,
} from '../../src/fleet/clock.ts';

describe('the correction of a clock', () => {
  it('moves a clock that is off by more than the error of the estimate', () => {
    const estimate = { offsetNs: -60e9, errorNs: 3e6 };
    assert.deepEqual(correctionOf(estimate), estimate);
  });

  it('leaves clocks alone that may agree, and owns up to the doubt', () => {
    assert.deepEqual(correctionOf({ offsetNs: 2e6, errorNs: 3e6 }), { offsetNs: 0, errorNs: 5e6 });
  });
});

const SECOND_NS = 1_000_000_000n;

describe('the clock of a host', () => {
  it('follows one that is set at once, by the boot clock', () => {
    const clock = new HostClock();
    for (let n = 0n; n < 20n; n++) clock.sample(n * SECOND_NS, n * SECOND_NS + 5n, 0n);
    for (const setTo of [300n, -300n]) {
      clock.sample((20n + setTo) * SECOND_NS, 20n * SECOND_NS + 9n, setTo * SECOND_NS);
      const { offsetNs, bootToUnixNs } = clock.estimate(0) ?? {};
      assert.equal(offsetNs, Number(-setTo * SECOND_NS) + 5);
      assert.equal(bootToUnixNs, String(setTo * SECOND_NS));
    }
  });

  it('is doubted most when it has been heard once', () => {
    const clock = new HostClock();
    const errors = [0n, 1n, 2n].map((n) => {
      clock.sample(n * SECOND_NS, n * SECOND_NS);
      return clock.estimate(0)?.errorNs ?? 0;
    });
    assert.deepEqual(
      errors.toSorted((a, b) => b - a),
      errors,
    );
    assert.ok((errors[0] ?? 0) > 50e6);
  });
});

describe('the clock of a host in a session', () => {
  const header = {
    session: 's',
    host: 'h',
    schemaHash: '',
    epoch: 1,
    sequence: 0,
    bootToUnixNs: 1_000n * SECOND_NS,
  };
  const first = { offsetNs: -60e9, errorNs: 1e6, bootToUnixNs: String(1_000n * SECOND_NS) };

  it('reads boot times as it did at first, whatever the host sets its clock to', () => {
    const known = keptClock(undefined, first);
    const later = { ...header, bootToUnixNs: 5_000n * SECOND_NS };
    assert.equal(inFleetTime(header, known).bootToUnixNs, 940n * SECOND_NS);
    assert.equal(inFleetTime(later, known).bootToUnixNs, 940n * SECOND_NS);
    const set = { ...first, offsetNs: -4_060e9, bootToUnixNs: String(5_000n * SECOND_NS) };
    assert.equal(keptClock(known, set), known);
  });

  it('tells the boots of a host apart', () => {
    const again = { offsetNs: -60e9, errorNs: 1e6, bootToUnixNs: String(9_000n * SECOND_NS) };
    const clock = keptClock(keptClock(undefined, first), again);
    const later = { ...header, bootToUnixNs: 9_000n * SECOND_NS };
    assert.equal(inFleetTime(header, clock).bootToUnixNs, 940n * SECOND_NS);
    assert.equal(inFleetTime(later, clock).bootToUnixNs, 8_940n * SECOND_NS);
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
