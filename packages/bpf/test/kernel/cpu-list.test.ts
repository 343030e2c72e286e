import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCpuList } from '../../src/kernel/cpu-list.ts';

for (const [text, cpus] of [
  ['0\n', [0]],
  ['0-1,4\n', [0, 1, 4]],
  ['0,2-3,7-8', [0, 2, 3, 7, 8]],
  ['\n', []],
] as const) {
  test(`the CPUs of ${JSON.stringify(text)} are ${cpus.join(' ')}`, () => {
    assert.deepEqual(parseCpuList(text), cpus);
  });
}

test('rejects what is not a list of CPUs', () => {
  assert.throws(() => parseCpuList('0-x'), /^Error: parse CPU list: unexpected "0-x"$/);
});

test('rejects more CPUs than a kernel can have', () => {
  for (const text of ['0-4294967295', '99999999999999999999', '0-65535,'.repeat(100)]) {
    assert.throws(() => parseCpuList(text), /^Error: parse CPU list: unexpected "/);
  }
});
