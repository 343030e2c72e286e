/** Output that is no stream of Node. */
import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { descriptorWriter } from '../src/descriptor-writer.ts';

test('text is written as it comes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bpfleet-test-'));
  const path = join(folder, 'out');
  const descriptor = openSync(path, 'w');
  const write = descriptorWriter(descriptor, assert.fail);
  write('é');
  write('');
  write('b\n');
  closeSync(descriptor);
  assert.equal(readFileSync(path, 'utf8'), 'éb\n');
  rmSync(folder, { recursive: true });
});

test('an error is told once for each text', () => {
  const descriptor = openSync('/dev/full', 'w');
  const errors: (string | undefined)[] = [];
  const write = descriptorWriter(descriptor, ({ code }) => errors.push(code));
  write('a');
  write('b');
  closeSync(descriptor);
  assert.deepEqual(errors, ['ENOSPC', 'ENOSPC']);
});
