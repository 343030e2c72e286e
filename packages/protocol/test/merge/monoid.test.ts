/** Every aggregation is a commutative monoid. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { MapValue, SeriesAggregate } from '@bpfleet/protocol';
import { mergeMapValues } from '@bpfleet/protocol';
import fc from 'fast-check';
import { mapValues } from '../samples.ts';

const identities: Readonly<Partial<Record<MapValue['kind'], MapValue>>> = {
  count: { kind: 'count', count: 0n },
  sum: { kind: 'sum', total: 0n },
  avg: { kind: 'avg', total: 0n, count: 0n },
  stats: { kind: 'stats', total: 0n, count: 0n },
  hist: { kind: 'hist', buckets: [] },
  lhist: { kind: 'lhist', buckets: [] },
  tseries: { kind: 'tseries', aggregate: 'last', points: [] },
};

const SERIES: readonly SeriesAggregate[] = ['last', 'avg', 'sum', 'min', 'max'];

/** Every kind of value, time series by what they keep of an interval. */
const KINDS: Readonly<Record<string, fc.Arbitrary<MapValue>>> = {
  ...mapValues,
  ...Object.fromEntries(
    SERIES.map((aggregate) => [`tseries of ${aggregate}`, seriesValues(aggregate)]),
  ),
};

/** Only `last` and `avg` put anything but 1 into `meta`. */
function seriesValues(aggregate: SeriesAggregate): fc.Arbitrary<MapValue> {
  const hasMeta = aggregate === 'last' || aggregate === 'avg';
  return mapValues.tseries.map((value) => {
    if (value.kind !== 'tseries') return value;
    const points = value.points.map((point) => (hasMeta ? point : { ...point, meta: 1n }));
    return { ...value, aggregate, points };
  });
}

for (const [kind, values] of Object.entries(KINDS)) {
  test(`${kind} merges the same in any order`, () => {
    fc.assert(
      fc.property(values, values, (a, b) => same(mergeMapValues(a, b), mergeMapValues(b, a))),
    );
  });

  test(`${kind} merges the same in any grouping`, () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) =>
        same(mergeMapValues(mergeMapValues(a, b), c), mergeMapValues(a, mergeMapValues(b, c))),
      ),
    );
  });
}

for (const [kind, identity] of Object.entries(identities)) {
  test(`${kind} of nothing changes nothing`, () => {
    fc.assert(
      fc.property(mapValues[identity.kind], (value) =>
        same(mergeMapValues(identity, value), value),
      ),
    );
  });
}

test('totals of many hosts go beyond 64 bits without wrapping', () => {
  const most: MapValue = { kind: 'count', count: (1n << 64n) - 1n };
  assert.deepEqual(mergeMapValues(most, most), { kind: 'count', count: (1n << 65n) - 2n });
});

test('buckets add where both have them and stay where one has', () => {
  const a: MapValue = {
    kind: 'hist',
    buckets: [
      [1, 1n],
      [4, 2n],
      [9, 1n],
    ],
  };
  const b: MapValue = {
    kind: 'hist',
    buckets: [
      [0, 5n],
      [4, 3n],
    ],
  };
  assert.deepEqual(mergeMapValues(a, b), {
    kind: 'hist',
    buckets: [
      [0, 5n],
      [1, 1n],
      [4, 5n],
      [9, 1n],
    ],
  });
});

test('values of two kinds are refused', () => {
  assert.throws(
    () => mergeMapValues({ kind: 'count', count: 1n }, { kind: 'sum', total: 1n }),
    new TypeError('merge map values: count with sum'),
  );
});

function same(a: MapValue, b: MapValue): void {
  assert.deepEqual(structuredClone(a), structuredClone(b));
}
