/** A small fleet of simulated hosts, whose true totals are known, against a real coordinator. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simulate } from '../../bench/simulate/simulate.ts';

const FEW = { hosts: 50, seconds: 2, cpu: undefined, processes: 2 };

describe('fifty simulated hosts', { concurrency: false }, () => {
  it('that send a thousand keys each are merged exactly', async () => {
    const { faults } = await simulate({ ...FEW, load: { name: 'maps', size: 1_000 } });
    assert.deepEqual(faults, []);
  });

  it('that print a hundred lines a second each have every line shown, or told as lost', async () => {
    const { faults } = await simulate({ ...FEW, load: { name: 'events', size: 100 } });
    assert.deepEqual(faults, []);
  });
});
