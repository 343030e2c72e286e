/** Debug information that `dwz` split between a program and a file that it shares with others. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { DwarfError, parameterTexts, typeTags } from '@bpfleet/bpf/dwarf';
import { UserFile } from '../../src/debug/user-file.ts';

suite('debug information with common parts in another file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bpfleet-common-'));
  const program = join(folder, 'program');
  const common = join(folder, 'common.debug');

  function assembled(
    name: string,
    output: string,
    types: readonly [int: number, couple: number],
  ): void {
    const symbols = [`--defsym=TYPE_INT=${types[0]}`, `--defsym=TYPE_COUPLE=${types[1]}`];
    execFileSync('as', [...symbols, '-o', output, join(import.meta.dirname, name)]);
  }

  function parameters(directories: readonly string[] = []): readonly string[] {
    const file = new UserFile(program, { directories, warn: () => undefined });
    const code = file.debugInfo?.functionAt(file.symbols.find('take')?.address ?? -1);
    return code === undefined ? [] : parameterTexts(code);
  }

  before(() => {
    execFileSync('as', ['-o', common, join(import.meta.dirname, 'common-file.s')]);
    // An `int` begins behind the unit's header of 11 bytes and its entry of one; it is 7 bytes long.
    assembled('common-parts.s', join(folder, 'program.o'), [12, 19]);
    execFileSync('gcc', ['-o', program, join(folder, 'program.o')]);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  test('is one, whichever file a name or a type is in', () => {
    assert.deepEqual(parameters(), ['struct couple* pair']);
    const file = new UserFile(program, { directories: [], warn: () => undefined });
    const found = file.debugInfo?.typeNamed('couple', typeTags.struct);
    assert.deepEqual(
      Array.from(found?.children() ?? [], ({ name }) => name),
      ['left', 'right'],
    );
    assert.equal(
      file.debugInfo?.framesAt(file.symbols.find('take')?.address ?? -1)[0]?.name,
      'take',
    );
  });

  test('is found by its build id, and an error names what is missing', () => {
    const directory = join(folder, 'debug/.build-id/ab');
    mkdirSync(directory, { recursive: true });
    renameSync(common, join(directory, 'cdef.debug'));
    assert.deepEqual(parameters([join(folder, 'debug')]), ['struct couple* pair']);
    assert.throws(
      () => parameters(),
      (error: unknown) =>
        error instanceof DwarfError &&
        error.message === 'dwarf: the file with common parts is missing',
    );
  });
});
