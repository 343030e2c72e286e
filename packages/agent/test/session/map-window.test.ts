import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RawMapEntry } from '@bpfleet/protocol';
import { MapWindow } from '../../src/session/map-window.ts';

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

test('gives the keys that are gone once', () => {
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
