/**
 * Golden files: `golden/<case>/in.bt` and what each stage makes of it, one file per stage.
 *
 * `UPDATE_GOLDEN=1` rewrites them. A file that no stage owns fails the tests, as does one whose stage has nothing to say.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Source } from '../../src/source.ts';

/** What a case may hold beside `in.bt`: one file per stage, each checked by that stage's own test. */
export const stages = ['ast', 'ir', 'asm', 'diag'] as const;

export type Stage = (typeof stages)[number];

const root = dirname(fileURLToPath(import.meta.url));

export interface GoldenCase {
  readonly name: string;
  readonly directory: string;
}

/** All cases, in the order of their names. */
export function goldenCases(): readonly GoldenCase[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, directory: join(root, name) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The program of a case; its name in diagnostics is `in.bt`. */
export function goldenSource(directory: string): Source {
  return new Source('in.bt', readFileSync(join(directory, 'in.bt'), 'utf8'));
}

export function hasGolden(directory: string, file: Stage): boolean {
  return existsSync(join(directory, file));
}

/** Compares what a stage made of a case with its golden file; `undefined` means that there must be none. */
export function checkGolden(directory: string, file: Stage, actual: string | undefined): void {
  const path = join(directory, file);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    if (actual === undefined) rmSync(path, { force: true });
    else writeFileSync(path, actual);
    return;
  }
  const expected = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  assert.equal(actual, expected, `${path} differs; UPDATE_GOLDEN=1 rewrites it`);
}

/** The files of a case that no stage owns. */
export function strayFiles(directory: string): readonly string[] {
  const known = new Set<string>(['in.bt', ...stages]);
  return readdirSync(directory).filter((name) => !known.has(name));
}
