import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Buckets } from '@bpfleet/protocol';
import {
  addBuckets,
  bucketShift,
  hitsOf,
  shapeDistance,
  subtractBuckets,
} from '../../src/history/buckets.ts';

const histogram = fc
  .uniqueArray(fc.tuple(fc.nat(40), fc.bigInt(1n, 10n ** 6n)), {
    selector: ([at]) => at,
    minLength: 1,
  })
  .map((buckets): Buckets => buckets.toSorted(([a], [b]) => a - b));

test('histograms of one shape have no distance, however many hits', () => {
  fc.assert(
    fc.property(histogram, fc.bigInt(1n, 1_000n), (a, factor) => {
      const larger = a.map(([at, hits]) => [at, hits * factor] as const);
      assert.ok((shapeDistance(a, larger) ?? 1) < 1e-6);
    }),
  );
});

test('the distance is the same both ways, within 0 and 1, and keeps the triangle', () => {
  fc.assert(
    fc.property(histogram, histogram, histogram, (a, b, c) => {
      const d = (x: Buckets, y: Buckets): number => shapeDistance(x, y) ?? Number.NaN;
      assert.ok(Math.abs(d(a, b) - d(b, a)) < 1e-9);
      assert.ok(d(a, b) >= 0 && d(a, b) <= 1);
      assert.ok(d(a, c) <= d(a, b) + d(b, c) + 1e-6);
    }),
  );
});

test('histograms without a bucket in common are as far apart as can be', () => {
  assert.equal(shapeDistance([[1, 5n]], [[2, 900n]]), 1);
});

test('half of the hits elsewhere has the distance of the definition', () => {
  // p = (1, 0), q = (½, ½), m = (¾, ¼): ½·log2(4/3) + ¼·log2(2/3) + ¼·log2(2)
  const divergence = 0.5 * Math.log2(4 / 3) + 0.25 * Math.log2(2 / 3) + 0.25;
  const found =
    shapeDistance(
      [[3, 8n]],
      [
        [3, 2n],
        [4, 2n],
      ],
    ) ?? 0;
  assert.ok(Math.abs(found - Math.sqrt(divergence)) < 1e-12);
});

test('nothing has no shape', () => {
  assert.equal(shapeDistance([], [[1, 1n]]), undefined);
  assert.equal(bucketShift([[1, 1n]], []), undefined);
});

test('a shift is told in buckets, to the right above 0', () => {
  assert.equal(bucketShift([[3, 10n]], [[5, 1n]]), 2);
  assert.equal(
    bucketShift(
      [[5, 1n]],
      [
        [3, 2n],
        [4, 2n],
      ],
    ),
    -1.5,
  );
});

test('what is added can be taken away again', () => {
  fc.assert(
    fc.property(histogram, histogram, (a, b) => {
      const sum = addBuckets(a, b);
      assert.equal(hitsOf(sum), hitsOf(a) + hitsOf(b));
      assert.deepEqual(subtractBuckets(sum, b), a);
    }),
  );
});
