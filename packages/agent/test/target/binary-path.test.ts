import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, suite, test } from 'node:test';
import { findBinary, type PathContext } from '../../src/target/binary-path.ts';

suite('the file of an attach point', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bpfleet-test-'));
  after(() => rmSync(directory, { recursive: true }));
  mkdirSync(join(directory, 'bin'));
  const program = join(directory, 'bin', 'program');
  writeFileSync(program, '');
  chmodSync(program, 0o755);
  symlinkSync(program, join(directory, 'link'));

  const context: PathContext = {
    arch: 'x86_64',
    libraryCache: () => new Uint8Array(0),
    searchPath: `:${directory}/none:${directory}/bin`,
  };

  test('is the absolute path as written, links and all', () => {
    assert.equal(findBinary(program, context), program);
    assert.equal(findBinary(join(directory, 'link'), context), join(directory, 'link'));
    assert.equal(findBinary(join(directory, 'nothing'), context), undefined);
  });

  test('is the path from here as written', () => {
    const path = `./${relative('.', program)}`;
    assert.equal(findBinary(path, context), path);
  });

  test('is found in PATH by a bare name', () => {
    assert.equal(findBinary('program', context), program);
    assert.equal(findBinary('none-such', context), undefined);
  });

  test('is the library that the traced process runs', () => {
    const traced = { ...context, pid: process.pid };
    const library = findBinary('libc', traced);
    assert.match(library ?? '', /\/libc\.so\.6$/);
    for (const name of ['c', 'libc.so', 'libc.so.6'])
      assert.equal(findBinary(name, traced), library);
    assert.equal(findBinary('libc', context), undefined);
    assert.equal(findBinary('lib', traced), undefined);
  });

  test('is the executable of the traced process when left out', () => {
    assert.equal(findBinary('', { ...context, pid: process.pid }), process.execPath);
    assert.equal(findBinary('', context), undefined);
  });

  test('is our own path when the traced process sees the same file', () => {
    assert.equal(findBinary(program, { ...context, pid: process.pid }), program);
  });
});
