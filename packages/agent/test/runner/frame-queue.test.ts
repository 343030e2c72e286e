import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFrame, type Frame } from '@bpfleet/protocol';
import { FrameQueue } from '../../src/runner/frame-queue.ts';

const header = () => ({
  session: 's',
  host: 'h',
  schemaHash: '0123456789abcdef',
  epoch: 1,
  bootToUnixNs: 0n,
});

const events = (...sizes: number[]): Frame => ({
  kind: 'events',
  records: sizes.map((size) => new Uint8Array(size)),
});

function frameOf(bytes: Uint8Array): { sequence: number; frame: Frame } {
  const decoded = decodeFrame(bytes);
  assert.ok('frame' in decoded);
  return { sequence: decoded.header.sequence, frame: decoded.frame };
}

test('stores frames in order, numbered without gaps, and gathers the events that wait', async () => {
  const stored: { sequence: number; frame: Frame }[] = [];
  let release: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    release = resolve;
  });
  const queue = new FrameQueue(header, async (_sequence, bytes) => {
    stored.push(frameOf(bytes));
    if (stored.length === 1) await first;
  });
  queue.push({ kind: 'map', map: '@', window: 0, entries: [], deleted: [] });
  queue.push(events(24, 32));
  queue.push(events(40));
  queue.push({ kind: 'end', reason: 'exit', exitCode: 3 });
  release();
  await queue.drained();
  assert.deepEqual(
    stored.map(({ sequence, frame }) => [
      sequence,
      frame.kind,
      frame.kind === 'events' ? frame.records.map((record) => record.length) : [],
    ]),
    [
      [0, 'map', []],
      [1, 'events', [24, 32, 40]],
      [2, 'end', []],
    ],
  );
});

test('drops and counts events beyond its bound, and never a map frame', async () => {
  const kinds: string[] = [];
  let release: () => void = () => undefined;
  const blocked = new Promise<void>((resolve) => {
    release = resolve;
  });
  const queue = new FrameQueue(
    header,
    async (_sequence, bytes) => {
      await blocked;
      kinds.push(frameOf(bytes).frame.kind);
    },
    110,
  );
  queue.push({ kind: 'losses', losses: { ...NONE } });
  queue.push(events(60));
  queue.push(events(60, 60));
  queue.push({ kind: 'map', map: '@', window: 0, entries: [], deleted: [] });
  queue.push(events(40));
  assert.equal(queue.dropped, 2);
  release();
  await queue.drained();
  assert.deepEqual(kinds, ['losses', 'events', 'map', 'events']);
  assert.equal(queue.dropped, 2);
});

test('drops and counts prints as well, and tells that maps still wait', async () => {
  let release: () => void = () => undefined;
  const blocked = new Promise<void>((resolve) => {
    release = resolve;
  });
  const queue = new FrameQueue(header, async () => blocked, 100);
  const print: Frame = {
    kind: 'print',
    event: 0,
    ordinal: 0,
    nsecs: 1n,
    entries: [{ key: new Uint8Array(50), value: { kind: 'count', count: 1n } }],
  };
  queue.push(events(1));
  assert.equal(queue.holdsMaps, false);
  for (let ordinal = 0; ordinal < 3; ordinal++) queue.push({ ...print, ordinal });
  assert.equal(queue.dropped, 2);
  queue.push({ kind: 'map', map: '@', window: 0, entries: print.entries, deleted: [] });
  assert.equal(queue.holdsMaps, true);
  release();
  await queue.drained();
  assert.equal(queue.holdsMaps, false);
});

const NONE = {
  ringBuffer: 0,
  mapFull: 0,
  missedRuns: 0,
  agentQueue: 0,
  broker: 0,
  coordinator: 0,
  store: 0,
};

test('says so when frames can no longer be stored', async () => {
  const queue = new FrameQueue(header, async () => {
    throw new Error('broker is gone');
  });
  queue.push(events(24));
  await assert.rejects(queue.drained(), { message: 'broker is gone' });
});
