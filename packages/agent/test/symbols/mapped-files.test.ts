import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { MappedFiles } from '../../src/symbols/mapped-files.ts';
import type { Mapping } from '../../src/symbols/process-maps.ts';

/** No process has it. */
const NOBODY = 5_000_000;

suite('files that processes map', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bpfleet-test-'));
  after(() => rmSync(directory, { recursive: true }));

  function mappingOf(path: string, inode: number): Mapping {
    return {
      start: 0x1000n,
      end: 0x2000n,
      executable: true,
      fileOffset: 0n,
      path,
      file: `fe:01:${inode}`,
    };
  }

  function programAt(name: string): { readonly path: string; readonly inode: number } {
    const path = join(directory, name);
    copyFileSync(process.execPath, path);
    return { path, inode: statSync(path).ino };
  }

  test('the code that the kernel maps into every process has names', () => {
    const vdso = new MappedFiles([]).open(mappingOf('[vdso]', 0), [NOBODY]);
    const names = vdso?.symbols.functions.map(({ name }) => name) ?? [];
    assert.ok(
      names.some((name) => name.includes('clock_gettime')),
      names.join(' '),
    );
  });

  test('of a process that is gone a file is found by its path if it is still the same', () => {
    const { path, inode } = programAt('same');
    const files = new MappedFiles([]);
    assert.equal(files.open(mappingOf(path, inode), [NOBODY])?.path, path);
    assert.equal(
      files.open(mappingOf(path, inode), [NOBODY]),
      files.open(mappingOf(path, inode), []),
    );
    assert.equal(files.open(mappingOf(path, inode + 1), [NOBODY]), undefined);
    assert.equal(files.open(mappingOf('/nowhere', inode), [NOBODY]), undefined);
    assert.equal(files.open(mappingOf('[heap]', 0), [NOBODY]), undefined);
  });

  test('a file that was kept is there when it has been deleted', () => {
    const { path, inode } = programAt('kept');
    const files = new MappedFiles([]);
    files.keep(path);
    rmSync(path);
    assert.equal(files.open(mappingOf(`${path} (deleted)`, inode), [NOBODY])?.path, path);
    assert.equal(files.open(mappingOf('/other', inode), [NOBODY]), undefined);
  });
});
