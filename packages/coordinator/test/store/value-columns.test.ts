/** Map values as the store's columns, and back. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { RawMapEntry, RawMapValue } from '@bpfleet/protocol';
import { entryOf, valueColumns } from '../../src/store/value-columns.ts';

const values: Readonly<Record<string, RawMapValue>> = {
  'a plain value': { kind: 'plain', bytes: Uint8Array.of(1, 2, 255) },
  'a count beyond 2^63': { kind: 'count', count: (1n << 64n) - 1n },
  'a negative sum': { kind: 'sum', total: -(1n << 63n) * 3n },
  'a minimum': { kind: 'min', value: -5n },
  'an average': { kind: 'avg', total: -11n, count: 2n },
  'a histogram': {
    kind: 'hist',
    buckets: [
      [0, 1n],
      [40, 1n << 60n],
    ],
  },
  'a time series': {
    kind: 'tseries',
    aggregate: 'avg',
    points: [
      { epoch: 7n, value: -30n, meta: 4n },
      { epoch: 9n, value: 1n << 62n, meta: 1n },
    ],
  },
};

for (const [name, value] of Object.entries(values)) {
  test(`${name} comes back as it was`, () => {
    const entry: RawMapEntry = { key: Uint8Array.of(3, 0), value };
    const [key_id, , kind, count, total, extreme, buckets, , bytes] = valueColumns(
      entry,
      { key: '3', value: '' },
      'hash',
    );
    const row = { key_id, kind, count, total, extreme, buckets, bytes };
    assert.deepEqual(entryOf(row as Parameters<typeof entryOf>[0]), entry);
  });
}
