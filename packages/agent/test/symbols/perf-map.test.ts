import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findJitFunction, parsePerfMap } from '../../src/symbols/perf-map.ts';

const functions = parsePerfMap(
  '7f00 10 LazyCompile:~old /a.js:1\nnot a line\n7f00 20 LazyCompile:*new /a.js:1\n7F40 8 stub\n',
);

test('code of a just-in-time compiler is named by its list, later lines first', () => {
  assert.deepEqual(findJitFunction(functions, 0x7f04n), {
    name: 'LazyCompile:*new /a.js:1',
    offset: 4,
  });
  assert.deepEqual(findJitFunction(functions, 0x7f47n), { name: 'stub', offset: 7 });
});

test('an address outside all of it has no name', () => {
  assert.equal(findJitFunction(functions, 0x7f48n), undefined);
  assert.equal(findJitFunction(functions, 0x7f30n), undefined);
});
