/** Compiles the small C programs that tests trace. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const SOURCES = join(import.meta.dirname, '../test/support/programs');

/**
 * @param {string} folder  receives one executable for each source
 * @returns {string} the folder
 */
export function buildTestPrograms(folder) {
  mkdirSync(folder, { recursive: true });
  for (const source of readdirSync(SOURCES).filter((name) => name.endsWith('.c'))) {
    const output = join(folder, basename(source, '.c'));
    execFileSync('gcc', ['-O1', '-g', '-pthread', '-o', output, join(SOURCES, source)]);
  }
  return folder;
}
