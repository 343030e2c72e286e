/** Each number once, and the missing ones counted, against a plain set of numbers. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { SequenceTracker } from '@bpfleet/protocol';
import fc from 'fast-check';

test('numbers within reach are accepted once, in any order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(200)), (numbers) => {
      const tracker = new SequenceTracker();
      const seen = new Set<number>();
      for (const number of numbers) {
        assert.equal(tracker.accept(number), !seen.has(number));
        seen.add(number);
        assert.equal(tracker.missing, Math.max(...seen) + 1 - seen.size);
        assert.equal(tracker.settled, tracker.missing === 0);
      }
    }),
  );
});

test('numbers far behind are given up: counted for good, no longer accepted or waited for', () => {
  const tracker = new SequenceTracker();
  for (let number = 0; number < 5000; number++) {
    if (number !== 10 && number !== 4990) tracker.accept(number);
  }
  assert.equal(tracker.missing, 2);
  assert.equal(tracker.accept(10), false);
  assert.equal(tracker.missing, 2);
  assert.equal(tracker.settled, false);
  assert.equal(tracker.accept(4990), true);
  assert.equal(tracker.missing, 1);
  assert.equal(tracker.settled, true);
});

test('a jump over all numbers takes no memory', () => {
  const tracker = new SequenceTracker();
  assert.equal(tracker.accept(Number.MAX_SAFE_INTEGER - 1), true);
  assert.equal(tracker.missing, Number.MAX_SAFE_INTEGER - 1);
  assert.equal(tracker.accept(0), false);
});
