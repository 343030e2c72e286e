import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { walkRecords } from '../../src/map/ring-record.ts';

const BUSY = 0x8000_0000;
const DISCARD = 0x4000_0000;
const SIZE = 64;

/** A ring of 64 bytes, visible twice as the kernel maps it. */
class Ring {
  readonly #bytes = new Uint8Array(2 * SIZE);

  write(position: number, bytes: Iterable<number>): void {
    let at = position;
    for (const byte of bytes) {
      this.#bytes[at % SIZE] = byte;
      this.#bytes[(at % SIZE) + SIZE] = byte;
      at += 1;
    }
  }

  record(position: number, header: number, data: readonly number[]): void {
    this.write(position, new Uint8Array(Uint32Array.of(header >>> 0, 0).buffer));
    this.write(position + 8, data);
  }

  walk(position: number, availableBytes: number, limitBytes = SIZE): ReturnType<typeof walk> {
    return walk(this.#bytes, position, availableBytes, limitBytes);
  }
}

function walk(data: Uint8Array, position: number, availableBytes: number, limitBytes: number) {
  const records: number[][] = [];
  const headers = new Uint32Array(data.buffer);
  const result = walkRecords({ data, headers, position, availableBytes }, limitBytes, (record) => {
    records.push([...record]);
  });
  return { ...result, received: records };
}

test('hands over records in order, padded to 8 bytes', () => {
  const ring = new Ring();
  ring.record(0, 3, [1, 2, 3]);
  ring.record(16, 8, [4, 5, 6, 7, 8, 9, 10, 11]);
  const { received, consumedBytes, records } = ring.walk(0, 32);
  assert.deepEqual(received, [
    [1, 2, 3],
    [4, 5, 6, 7, 8, 9, 10, 11],
  ]);
  assert.equal(consumedBytes, 32);
  assert.equal(records, 2);
});

test('reads a record that wraps around the end in one piece', () => {
  const ring = new Ring();
  ring.record(48, 16, [...Array(16).keys()]);
  assert.deepEqual(ring.walk(48, 24).received, [[...Array(16).keys()]]);
});

test('goes by the low bits of a position that has grown past 4 GiB', () => {
  const ring = new Ring();
  ring.record(0xffff_fff0, 4, [1, 2, 3, 4]);
  ring.record(0x1_0000_0000, 4, [5, 6, 7, 8]);
  assert.deepEqual(ring.walk(0xffff_fff0, 32).received, [
    [1, 2, 3, 4],
    [5, 6, 7, 8],
  ]);
});

test('stops at a record that is still being written', () => {
  const ring = new Ring();
  ring.record(0, 1, [1]);
  ring.record(16, BUSY | 1, [2]);
  ring.record(32, 1, [3]);
  const { received, consumedBytes } = ring.walk(0, 48);
  assert.deepEqual(received, [[1]]);
  assert.equal(consumedBytes, 16);
});

test('passes discarded records by', () => {
  const ring = new Ring();
  ring.record(0, DISCARD | 1, [1]);
  ring.record(16, 1, [2]);
  const { received, consumedBytes, records } = ring.walk(0, 32);
  assert.deepEqual(received, [[2]]);
  assert.equal(consumedBytes, 32);
  assert.equal(records, 1);
});

test('stops after the record that reaches the limit', () => {
  const ring = new Ring();
  for (const position of [0, 16, 32]) ring.record(position, 1, [position]);
  assert.equal(ring.walk(0, 48, 17).consumedBytes, 32);
});

test('refuses a record longer than what the producer has written', () => {
  const ring = new Ring();
  ring.record(0, 100, []);
  assert.throws(
    () => ring.walk(0, 16),
    /^RangeError: ring buffer: record of 100 bytes, but 16 are/,
  );
});

test('reads no memory outside the window, whatever the bytes', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: SIZE, maxLength: SIZE }),
      fc.nat(0xffff_ffff).map((position) => position - (position % 8)),
      fc.nat(SIZE),
      (bytes, position, available) => {
        const ring = new Ring();
        ring.write(0, bytes);
        try {
          const { received, consumedBytes } = ring.walk(position, available);
          assert.ok(consumedBytes <= available);
          assert.ok(received.flat().length <= available);
        } catch (error) {
          assert.ok(error instanceof RangeError);
        }
      },
    ),
  );
});
