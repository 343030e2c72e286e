/** The short form of `npm run soak`: some rounds in which parts of a fleet are killed while it counts what is known. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { verdict } from '../../bench/soak/report.ts';
import { soak, type Round } from '../../bench/soak/soak.ts';
import { notRoot } from '../support/needs-kernel.ts';

const ROUNDS_MS = 20_000;

describe('a soak', { skip: notRoot(), timeout: 300_000 }, () => {
  it('is exact in every round, and leaves nothing in the kernel', async () => {
    const rounds: Round[] = [];
    await soak({
      durationMs: ROUNDS_MS,
      random: Math.random,
      onRound: (round) => rounds.push(round),
    });
    assert.ok(rounds.length > 0);
    assert.deepEqual(verdict(rounds), [], rounds.map((one) => one.disturbance).join(', '));
  });
});
