import assert from 'node:assert/strict';
import { test } from 'node:test';
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
