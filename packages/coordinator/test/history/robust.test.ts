import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, robustScore, spreadOf } from '../../src/history/robust.ts';

test('medians of odd and even numbers of values', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.equal(median([]), 0);
});

test('one that is far off has no say in what is far', () => {
  const spread = spreadOf([10, 11, 9, 10, 12, 8, 1_000_000]);
  assert.equal(spread.median, 10);
  assert.ok(Math.abs(spread.deviation - 1.4826) < 1e-9);
  assert.ok(robustScore(1_000_000, spread) > 100_000);
});

test('where most are the same, what is not stands out', () => {
  const spread = spreadOf([5, 5, 5, 5, 5, 5, 5, 5, 5, 50]);
  assert.ok(robustScore(50, spread) > 3.5);
  assert.equal(robustScore(5, spread), 0);
});

test('where all are the same nothing stands out', () => {
  assert.equal(robustScore(5, spreadOf([5, 5, 5])), 0);
});
