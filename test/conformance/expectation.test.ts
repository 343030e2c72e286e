/** What counts as the expected output. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Expectation } from './conformance-case.ts';
import { unmet } from './expectation.ts';

function isMet(expectation: Expectation, output: string, file = ''): boolean {
  return unmet(expectation, output, () => file) === undefined;
}

test('a text is a whole line of the output, but for white space around it', () => {
  const text = { kind: 'text', text: 'a.c (1)', wanted: true } as const;
  assert.equal(isMet(text, 'x\n  a.c (1) \ny\n'), true);
  assert.equal(isMet(text, 'x a.c (1)\n'), false);
  assert.equal(isMet(text, 'abc (1)\n'), false);
  assert.equal(isMet({ ...text, wanted: false }, 'a.c (1)\n'), false);
});

test('a pattern is looked for in each line, as Python does', () => {
  const pattern = (text: string): Expectation => ({ kind: 'regex', pattern: text, wanted: true });
  assert.equal(isMet(pattern('^b+$'), 'a\nbb\nc'), true);
  assert.equal(isMet(pattern('[]x]y'), ']y'), true);
  assert.equal(isMet(pattern('(?i)ABC'), 'xabc'), true);
  assert.equal(isMet(pattern('a(?s:.*)b'), 'a\n\nb'), true);
  assert.equal(isMet(pattern('a.*b'), 'a\n\nb'), false);
});

test('a file is all of the output', () => {
  const file = { kind: 'file', path: 'f' } as const;
  assert.equal(isMet(file, '\na\nb\n\n', 'a\nb\n'), true);
  assert.equal(isMet(file, 'a\nb\nc\n', 'a\nb\n'), false);
});

test('JSON is compared as values, with every digit of an integer', () => {
  const json = { kind: 'json', path: 'f.json' } as const;
  assert.equal(isMet(json, '{"b": 1, "a": [2]}\n', '{\n"a": [2],\n"b": 1}\n'), true);
  assert.equal(isMet(json, '{"a": [2]}\n{"a": [2]}\n', '{"a": [2]}'), false);
  assert.equal(isMet(json, '18446744073709551615', '18446744073709551614'), false);
  assert.equal(isMet(json, 'no JSON', '{}'), false);
});

test('an ndjson file is compared line by line', () => {
  const json = { kind: 'json', path: 'f.ndjson' } as const;
  assert.equal(isMet(json, '1\n{"a": 2}\n', '1\n{"a":2}\n'), true);
  assert.equal(isMet(json, '1\n', '1\n2\n'), false);
});
