import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RawMapEntry } from '@bpfleet/protocol';
import { MapWindow, REFRESH_READS } from '../../src/session/map-window.ts';

const entry = (key: number, count: bigint): RawMapEntry => ({
  key: Uint8Array.of(key),
  value: { kind: 'count', count },
});

test('gives each key when it is new and when its value has changed', () => {
  const window = new MapWindow();
  assert.deepEqual(window.changes([entry(1, 5n), entry(2, 1n)]).entries, [
    entry(1, 5n),
    entry(2, 1n),
  ]);
  assert.deepEqual(window.changes([entry(1, 5n), entry(2, 2n)]).entries, [entry(2, 2n)]);
  assert.deepEqual(window.changes([entry(1, 5n), entry(2, 2n)]), { entries: [], deleted: [] });
});

test('gives the keys that are gone, once where nothing is refreshed', () => {
  const window = new MapWindow();
  window.changes([entry(1, 5n), entry(2, 1n)]);
  assert.deepEqual(window.changes([entry(2, 1n)]).deleted, [Uint8Array.of(1)]);
  assert.deepEqual(window.changes([entry(2, 1n)]).deleted, []);
});

test('gives everything again in the window after a clear', () => {
  const window = new MapWindow();
  window.changes([entry(1, 5n)]);
  window.restart();
  assert.equal(window.number, 1);
  assert.deepEqual(window.changes([entry(1, 5n)]), { entries: [entry(1, 5n)], deleted: [] });
});

test('everything is sent again in time, deletions too, and all of it when asked for', () => {
  const window = new MapWindow();
  const keys = Array.from({ length: 100 }, (_, n) => entry(n, 1n));
  window.changes(keys);
  const kept = keys.slice(1);
  assert.deepEqual(window.changes(kept).deleted, [keys[0]?.key]);
  const again = Array.from({ length: REFRESH_READS }, () => window.changes(kept, 'some'));
  assert.deepEqual(
    again
      .flatMap(({ entries }) => entries)
      .map(({ key }) => key[0])
      .toSorted((a = 0, b = 0) => a - b),
    kept.map(({ key }) => key[0]),
  );
  assert.deepEqual(
    again.flatMap(({ deleted }) => deleted),
    [keys[0]?.key],
  );
  assert.ok(again.every(({ entries }) => entries.length < 5));
  assert.deepEqual(window.changes(kept, 'all'), { entries: kept, deleted: [keys[0]?.key] });
});
