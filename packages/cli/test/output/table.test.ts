/** Tables. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { table } from '../../src/output/table.ts';

test('columns are as wide as their widest cell', () => {
  assert.equal(table(['A', 'BB'], [['xyz', 'q']]), 'A    BB\nxyz  q\n');
});

test('control characters do not reach the terminal', () => {
  assert.equal(table(['A'], [['\u001b[2J\n']]), 'A\n\\x1b[2J\\n\n');
});
