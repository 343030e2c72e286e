/** `sizeof` of the types that bpftrace keeps in a form of its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { saidSize } from '../../src/types/said-size.ts';

test('addresses and times have the sizes that bpftrace says', () => {
  assert.equal(saidSize({ kind: 'inet' }), 24);
  assert.equal(saidSize({ kind: 'timestamp', clock: 'boot', format: '' }), 16);
  assert.equal(saidSize({ kind: 'mac' }), 6);
});
