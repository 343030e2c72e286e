/** Frames survive the wire, and bytes that are no frame are refused. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Frame } from '@bpfleet/protocol';
import { decodeFrame, encodeFrame, FrameError } from '@bpfleet/protocol';
import fc from 'fast-check';
import { checksum } from '../../src/frame/checksum.ts';
import { frames, header, headers } from '../samples.ts';

test('every frame decodes to what was encoded', () => {
  fc.assert(
    fc.property(headers, frames, (head, frame) => {
      assert.deepEqual(
        plain(decodeFrame(encodeFrame(head, frame))),
        plain({ header: head, frame }),
      );
    }),
    { numRuns: 500 },
  );
});

test('arbitrary bytes give a frame or a FrameError, never an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const result = decodeFrame(bytes);
      assert.ok(result instanceof FrameError || 'frame' in result);
    }),
    { numRuns: 2000 },
  );
});

test('a frame with changed bytes is refused', () => {
  const change = fc.tuple(fc.nat(), fc.nat(255));
  fc.assert(
    fc.property(headers, frames, fc.array(change, { minLength: 1 }), (head, frame, changes) => {
      const bytes = encodeFrame(head, frame);
      const intact = Buffer.from(bytes);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      const result = decodeFrame(bytes);
      assert.equal(result instanceof FrameError, !intact.equals(bytes));
    }),
    { numRuns: 1000 },
  );
});

test('every shortened frame is refused', () => {
  fc.assert(
    fc.property(
      headers,
      frames,
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (head, frame, share) => {
        const bytes = encodeFrame(head, frame);
        assert.ok(
          decodeFrame(bytes.subarray(0, Math.floor(share * bytes.length))) instanceof FrameError,
        );
      },
    ),
  );
});

test('bytes after the frame are refused', () => {
  const bytes = encodeFrame(header(), { kind: 'events', records: [] });
  const result = decodeFrame(Uint8Array.of(...bytes, 0));
  assert.ok(result instanceof FrameError);
  assert.equal(result.message, 'decode frame: its checksum is another one');
});

test('another version is refused by its number', () => {
  const bytes = encodeFrame(header(), { kind: 'events', records: [] });
  bytes[0] = 9;
  const result = decodeFrame(bytes);
  assert.ok(result instanceof FrameError);
  assert.equal(result.message, 'decode frame: version 9 is not supported');
});

test('a frame of an agent of before, whose map frames had no time, is read', () => {
  const frame: Frame = { kind: 'map', map: '@', window: 3, entries: [], deleted: [] };
  const bytes = encodeFrame(header(), frame);
  // Version, header, kind, map and window; then comes the time, which is 0 here and was not there.
  const untimed = Uint8Array.of(1, ...bytes.subarray(1, -7), ...bytes.subarray(-6, -4));
  const sum = new DataView(new ArrayBuffer(4));
  sum.setUint32(0, checksum(untimed), true);
  const whole = Uint8Array.of(...untimed, ...new Uint8Array(sum.buffer));
  assert.deepEqual(plain(decodeFrame(whole)), plain({ header: header(), frame }));
});

test('a count that promises more than the bytes hold allocates nothing', () => {
  const bytes = encodeFrame(header(), { kind: 'events', records: [] });
  const hostile = Uint8Array.of(...bytes.subarray(0, -1), 0xff, 0xff, 0xff, 0xff, 0x7f);
  assert.ok(decodeFrame(hostile) instanceof FrameError);
});

test('a histogram with buckets out of order is refused', () => {
  const frame = (first: number, second: number): Frame => ({
    kind: 'map',
    map: '@',
    window: 0,
    entries: [
      {
        key: new Uint8Array(),
        value: {
          kind: 'hist',
          buckets: [
            [first, 1n],
            [second, 1n],
          ],
        },
      },
    ],
    deleted: [],
  });
  assert.ok('frame' in decodeFrame(encodeFrame(header(), frame(1, 2))));
  assert.ok(decodeFrame(encodeFrame(header(), frame(2, 1))) instanceof FrameError);
});

test('numbers that the format cannot hold are the sender’s error', () => {
  const frame: Frame = {
    kind: 'cost',
    cost: { runTimeNs: 1n << 64n, runs: 0n, availableNs: 0n },
  };
  assert.throws(() => encodeFrame(header(), frame), RangeError);
  assert.throws(() => encodeFrame(header({ sequence: -1 }), frame), RangeError);
});

/** Without prototypes and shared buffers, which deepEqual would compare as well. */
function plain(value: unknown): unknown {
  return structuredClone(value, {});
}
