import assert from 'node:assert/strict';
import test from 'node:test';
import { parseBytes, parseCount, parseShare } from '../../src/output/amounts.ts';
import { UserError } from '../../src/terminal.ts';

test('shares are of 1, or percent', () => {
  assert.deepEqual(['1%', '0.5%', '100%', '0.25', '1'].map(parseShare), [0.01, 0.005, 1, 0.25, 1]);
  for (const text of ['', '%', '0', '0%', '101%', '2', '-1%', '1 %', '1e-3', 'x']) {
    assert.throws(() => parseShare(text), UserError, text);
  }
});

test('counts are whole and more than nothing', () => {
  assert.equal(parseCount('10000'), 10_000);
  for (const text of ['', '0', '-1', '1.5', '1k', '9'.repeat(13)]) {
    assert.throws(() => parseCount(text), UserError, text);
  }
});

test('sizes have units of 1024', () => {
  assert.deepEqual(['1', '512K', '64M', '2G'].map(parseBytes), [1, 1 << 19, 1 << 26, 2 ** 31]);
  for (const text of ['', '0', '0M', '1T', '1KB', '1.5M', '-1']) {
    assert.throws(() => parseBytes(text), UserError, text);
  }
});
