import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { rawSample } from '../../src/perf/perf-buffer.ts';
import { PerfRing } from '../../src/perf/perf-ring.ts';
import { PERF_RECORD_SAMPLE } from '../../src/sys/constants.ts';
import { Fd } from '../../src/sys/fd.ts';
import { FakeKernel } from '../../../../test/support/fake-kernel.ts';

const PAGE_BYTES = 4096;
const RING_BYTES = 64;
const [HEAD_AT, TAIL_AT] = [1024, 1032];
const PERF_RECORD_LOST = 2;

/** A raw sample as the kernel writes it: its data is filled up to whole words. */
function sample(...data: readonly number[]): Uint8Array {
  const size = Math.ceil((8 + 4 + data.length) / 8) * 8;
  const bytes = record(PERF_RECORD_SAMPLE, size);
  new DataView(bytes.buffer).setUint32(8, size - 12, true);
  bytes.set(data, 12);
  return bytes;
}

function record(type: number, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint16(6, size, true);
  return bytes;
}

/** The raw samples of a ring that was read up to `tail`. */
function samples(tail: bigint, ...records: readonly Uint8Array[]): readonly (readonly number[])[] {
  const kernel = new FakeKernel();
  const buffer = new ArrayBuffer(PAGE_BYTES + RING_BYTES);
  kernel.memory.set(0, buffer);
  const data = new Uint8Array(buffer, PAGE_BYTES);
  const view = new DataView(buffer);
  let head = tail;
  for (const byte of records.flatMap((one) => [...one])) {
    data[Number(head % BigInt(RING_BYTES))] = byte;
    head += 1n;
  }
  view.setBigUint64(HEAD_AT, head, true);
  view.setBigUint64(TAIL_AT, tail, true);
  const seen: number[][] = [];
  const ring = new PerfRing(new Fd(3, kernel, 'event'), kernel, PAGE_BYTES, RING_BYTES);
  ring.drain((one) => {
    const raw = rawSample(one);
    if (raw !== undefined) seen.push([...raw]);
  });
  assert.equal(view.getBigUint64(TAIL_AT, true), head);
  return seen;
}

suite('the ring of a perf event', () => {
  test('gives raw samples in order, with what fills them up', () => {
    assert.deepEqual(samples(0n, sample(1, 2, 3, 4), sample(5)), [
      [1, 2, 3, 4],
      [5, 0, 0, 0],
    ]);
  });

  test('may have a record around its end, at any of its words', () => {
    for (const tail of [40n, 48n, 56n, (1n << 40n) + 56n]) {
      assert.deepEqual(samples(tail, sample(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)), [
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
      ]);
    }
  });

  test('has records of other kinds, and ends at one that cannot be', () => {
    const lost = record(PERF_RECORD_LOST, 24);
    assert.deepEqual(samples(8n, lost, sample(7, 7, 7, 7)), [[7, 7, 7, 7]]);
    assert.deepEqual(samples(0n, record(PERF_RECORD_SAMPLE, 8), sample(1, 2, 3, 4)), [
      [1, 2, 3, 4],
    ]);
    const long = sample(1);
    long[6] = 48;
    assert.deepEqual(samples(0n, long), []);
  });
});
