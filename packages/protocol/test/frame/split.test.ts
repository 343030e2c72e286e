/** A split frame means the same as the whole one, and its parts are small. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Frame } from '@bpfleet/protocol';
import { encodeFrame, splitFrame } from '@bpfleet/protocol';
import fc from 'fast-check';
import { frames, header } from '../samples.ts';

const LIMIT = 4000;

function keys(count: number): Extract<Frame, { kind: 'map' }> {
  return {
    kind: 'map',
    map: '@',
    window: 3,
    entries: Array.from({ length: count }, (_, i) => ({
      key: Uint8Array.of(i >> 8, i & 255),
      value: { kind: 'count', count: BigInt(i) },
    })),
    deleted: [Uint8Array.of(255, 255)],
  };
}

test('parts of a large map frame fit, and hold every key once', () => {
  const parts = splitFrame(keys(5000), LIMIT);
  assert.ok(parts.length > 1);
  const entries = parts.flatMap((part) => (part.kind === 'map' ? part.entries : []));
  const deleted = parts.flatMap((part) => (part.kind === 'map' ? part.deleted : []));
  assert.deepEqual(entries, keys(5000).entries);
  assert.deepEqual(deleted, keys(5000).deleted);
  for (const part of parts) {
    assert.ok(encodeFrame(header(), part).length < LIMIT + 200);
    assert.ok(part.kind === 'map' && part.window === 3);
  }
});

test('only the last part of a print has no more to follow', () => {
  const { entries } = keys(5000);
  const parts = splitFrame({ kind: 'print', event: 0, ordinal: 7, nsecs: 1n, entries }, LIMIT);
  const flags = parts.map((part) => part.kind === 'print' && part.more === true);
  assert.deepEqual(flags, [...Array.from({ length: parts.length - 1 }, () => true), false]);
});

test('a long output text is cut between characters', () => {
  const text = '😀'.repeat(3000);
  const parts = splitFrame({ kind: 'output', event: 0, nsecs: 1n, text }, LIMIT);
  const texts = parts.map((part) => (part.kind === 'output' ? part.text : ''));
  assert.ok(parts.length > 1);
  assert.equal(texts.join(''), text);
  for (const part of texts) assert.match(part, /^(?:😀)+$/u);
});

test('a frame that fits stays whole', () => {
  fc.assert(fc.property(frames, (frame) => assert.deepEqual(splitFrame(frame), [frame])));
});
