/** Durations on the command line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago, parseDuration } from '../../src/output/duration.ts';

test('durations are read with and without units', () => {
  assert.deepEqual(
    ['500ms', '30s', '1m30s', '2h', '7d', '7'].map(parseDuration),
    [500, 30_000, 90_000, 7_200_000, 604_800_000, 7_000],
  );
});

test('anything else is refused', () => {
  for (const text of ['', '-1s', '1y', 's', '1.5s']) {
    assert.throws(() => parseDuration(text), /not a duration/);
  }
});

test('ages are told in the unit that fits', () => {
  assert.deepEqual(
    [0, 119, 7100, 100_000, 1_000_000].map((seconds) => ago(0, seconds * 1000)),
    ['0s ago', '119s ago', '118m ago', '28h ago', '12d ago'],
  );
});
