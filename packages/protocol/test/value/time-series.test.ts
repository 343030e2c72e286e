/** Time series: slots of CPUs to points, points of hosts to one, and rows. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { mergeSeries, type SeriesAggregate, type SeriesPoint } from '@bpfleet/protocol';
import { reduceSeries } from '../../src/value/reduce-series.ts';
import { seriesRows, seriesText } from '../../src/render/time-series.ts';
import { words } from '../samples.ts';

function series(aggregate: SeriesAggregate, intervals = 3) {
  return {
    kind: 'tseries',
    signed: true,
    intervalNs: 1_000_000_000n,
    intervals,
    aggregate,
  } as const;
}

function point(epoch: number, value: number, meta = 1): SeriesPoint {
  return { epoch: BigInt(epoch), value: BigInt(value), meta: BigInt(meta) };
}

suite('slots of CPUs', () => {
  test('that were never used are no points', () => {
    assert.deepEqual(reduceSeries(series('sum'), [words(0, 0, 0, 0, 0, 0, 0, 0, 0)]), []);
  });

  test('of one interval are one point, and the later interval wins the slot', () => {
    const first = words(7, 5, 1, 8, 1, 1, 0, 0, 0);
    const second = words(7, -2, 1, 11, 4, 1, 0, 0, 0);
    assert.deepEqual(reduceSeries(series('sum'), [first, second]), [point(6, 3), point(10, 4)]);
  });

  test('of the first interval of all time read as 0', () => {
    assert.deepEqual(reduceSeries(series('max', 1), [words(1, 9, 1)]), [point(0, 0)]);
  });
});

const merges: readonly (readonly [SeriesAggregate, SeriesPoint, SeriesPoint, SeriesPoint])[] = [
  ['last', point(1, 5, 10), point(1, 3, 11), point(1, 3, 11)],
  ['last', point(1, 5, 10), point(1, 3, 10), point(1, 5, 10)],
  ['avg', point(1, 6, 2), point(1, 9, 1), point(1, 15, 3)],
  ['sum', point(1, 6), point(1, -9), point(1, -3)],
  ['min', point(1, 6), point(1, -9), point(1, -9)],
  ['max', point(1, 6), point(1, -9), point(1, 6)],
];

suite('points of two hosts', () => {
  for (const [aggregate, a, b, merged] of merges) {
    test(`${aggregate} of ${a.value} and ${b.value} is ${merged.value}`, () => {
      assert.deepEqual(mergeSeries(aggregate, [a], [b]), [merged]);
      assert.deepEqual(mergeSeries(aggregate, [b], [a]), [merged]);
    });
  }

  test('of different intervals stay apart, in order', () => {
    const merged = mergeSeries('sum', [point(1, 1), point(5, 5)], [point(3, 3)]);
    assert.deepEqual(merged, [point(1, 1), point(3, 3), point(5, 5)]);
  });
});

suite('rows', () => {
  test('begin with the first value that is still kept, and have gaps', () => {
    const rows = seriesRows(series('last', 5), [point(1, 9), point(4, 1), point(6, 2)], 7n);
    assert.deepEqual(
      rows.map(({ value }) => value),
      [1n, undefined, 2n, undefined],
    );
  });

  test('of avg are totals by counts, rounded towards zero', () => {
    const [row] = seriesRows(series('avg'), [point(1, -7, 2)], 1n);
    assert.equal(row?.value, -3n);
  });

  test('none say so', () => {
    assert.equal(seriesText(series('sum'), []), '<no data>');
  });

  test('have times as fine as the interval is short', () => {
    const type = { ...series('sum'), intervalNs: 1_000n };
    const rows = seriesRows(type, [point(1, 1), point(2, 3)], 2n);
    const line = '_'.repeat(51);
    const [top, head, first, second, , bottom] = seriesText(type, rows).split('\n');
    assert.equal(top, `${' '.repeat(16)}1${' '.repeat(51)}3`);
    assert.equal(head, `hh:mm:ss.μs    |${line}|`);
    assert.match(first ?? '', /^\d\d:\d\d:00\.000001 \* {51}\| 1$/);
    assert.match(second ?? '', /^\d\d:\d\d:00\.000002 \| {51}\* 3$/);
    assert.equal(bottom, top);
  });

  test('of negative and positive values have a line at zero', () => {
    const type = series('last');
    const rows = seriesRows(type, [point(1, -1), point(2, 1)], 2n);
    const [, , first] = seriesText(type, rows).split('\n');
    assert.match(first ?? '', /^\d\d:\d\d:01 \* {25}\. {25}\| -1$/);
  });
});
