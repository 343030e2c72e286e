import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { walkPerfRecords } from '../../src/map/perf-record.ts';
import { PERF_RECORD_SAMPLE } from '../../src/sys/constants.ts';

const RING_BYTES = 64;
const PERF_RECORD_LOST = 2;

/** A raw sample as the kernel writes it: its data is filled up to whole words. */
function sample(...data: readonly number[]): Uint8Array {
  const size = Math.ceil((8 + 4 + data.length) / 8) * 8;
  const bytes = record(PERF_RECORD_SAMPLE, size);
  new DataView(bytes.buffer).setUint32(8, size - 12, true);
  bytes.set(data, 12);
  return bytes;
}

function record(type: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint16(6, size, true);
  return bytes;
}

function walk(tail: bigint, ...records: readonly Uint8Array[]): readonly (readonly number[])[] {
  const data = new Uint8Array(RING_BYTES);
  let head = tail;
  for (const byte of records.flatMap((one) => [...one])) {
    data[Number(head % BigInt(RING_BYTES))] = byte;
    head += 1n;
  }
  const seen: number[][] = [];
  walkPerfRecords({ data, tail, head }, (raw) => seen.push([...raw]));
  return seen;
}

suite('records of a perf event', () => {
  test('raw samples come out in order, with what fills them up', () => {
    assert.deepEqual(walk(0n, sample(1, 2, 3, 4), sample(5)), [
      [1, 2, 3, 4],
      [5, 0, 0, 0],
    ]);
  });

  test('a record may go around the end of the ring, at any of its words', () => {
    for (const tail of [40n, 48n, 56n, (1n << 40n) + 56n]) {
      assert.deepEqual(walk(tail, sample(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)), [
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
      ]);
    }
  });

  test('records of other kinds are passed by', () => {
    assert.deepEqual(walk(8n, record(PERF_RECORD_LOST, 24), sample(7, 7, 7, 7)), [[7, 7, 7, 7]]);
  });

  test('a size that cannot be is refused', () => {
    assert.throws(() => walk(0n, record(PERF_RECORD_SAMPLE, 8).fill(0, 6)), RangeError);
    const long = sample(1);
    long[6] = 48;
    assert.throws(() => walk(0n, long), RangeError);
  });
});
