import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PerfMap } from '../../src/symbols/perf-map.ts';

function listing(...parts: readonly string[]): PerfMap {
  const map = new PerfMap();
  for (const part of parts) map.append(part);
  return map;
}

const map = listing(
  '7f00 10 LazyCompile:~old /a.js:1\nnot a line\n7f00 20 LazyCompile:*new ',
  '/a.js:1\n7F40 8 stub\n0x8000 0 entry\n9ff8 1010 long one\nb000 ffffffffff huge\nc000 10 unfinished',
);

test('code of a just-in-time compiler is named by its list, later lines first', () => {
  assert.deepEqual(map.find(0x7f04n), { name: 'LazyCompile:*new /a.js:1', offset: 4 });
  assert.deepEqual(map.find(0x7f47n), { name: 'stub', offset: 7 });
});

test('an address outside all of it has no name', () => {
  for (const address of [0x7f48n, 0x7f30n, 0n, 1n << 63n])
    assert.equal(map.find(address), undefined);
});

test('functions reach over pages, and those without a size have their first byte', () => {
  assert.deepEqual(map.find(0xa000n), { name: 'long one', offset: 8 });
  assert.deepEqual(map.find(0xb007n), { name: 'long one', offset: 0x100f });
  assert.equal(map.find(0xb008n), undefined);
  assert.deepEqual(map.find(0x8000n), { name: 'entry', offset: 0 });
  assert.equal(map.find(0x8001n), undefined);
});

test('a line counts when it is all there', () => {
  assert.equal(map.find(0xc000n), undefined);
  map.append('\n');
  assert.deepEqual(map.find(0xc001n), { name: 'unfinished', offset: 1 });
});

test('of functions of any sizes that overlap the last in the file is found', () => {
  const size = fc.oneof(fc.nat(64), fc.nat(0x4000), fc.nat(0x40_0000), fc.constant(0x400_0000));
  const entry = fc.record({ start: fc.nat(0x100_0000), size });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 30 }), fc.nat(0x500_0000), (entries, at) => {
      const perfMap = new PerfMap();
      for (const [index, { start, size: bytes }] of entries.entries()) {
        perfMap.append(`${start.toString(16)} ${bytes.toString(16)} f${index}\n`);
      }
      const index = entries.findLastIndex(
        ({ start, size: bytes }) => at >= start && at < start + Math.max(1, bytes),
      );
      const start = entries[index]?.start ?? 0;
      const expected = index === -1 ? undefined : { name: `f${index}`, offset: at - start };
      assert.deepEqual(perfMap.find(BigInt(at)), expected);
    }),
    { numRuns: 500 },
  );
});

test('any text is taken, in any parts', () => {
  const piece = fc.constantFrom('0', 'f', ' ', '\n', 'ffffffffffffffff', '-', 'x', '\0', 'é');
  const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(fc.array(fc.oneof(text, fc.string())), fc.bigInt(0n, 2n ** 64n), (parts, at) => {
      const perfMap = new PerfMap();
      for (const part of parts) perfMap.append(part);
      perfMap.find(at);
    }),
    { numRuns: 500 },
  );
});

test('a file that means harm takes no more room than it has lines', () => {
  const perfMap = new PerfMap();
  // Each reaches over sixteen thousand pages.
  perfMap.append('1000 3ffffff wide\n'.repeat(60_000));
  assert.deepEqual(perfMap.find(0x1001n), { name: 'wide', offset: 1 });
  // A line that never ends, and one behind it.
  for (let part = 0; part < 200; part++) perfMap.append('f'.repeat(1 << 16));
  perfMap.append(' 10 endless\n2000 10 next\n');
  assert.deepEqual(perfMap.find(0x2001n), { name: 'next', offset: 1 });
});
