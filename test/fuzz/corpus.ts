/** The inputs that a target starts from: those it makes itself, and the files that are kept for it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FuzzTarget } from './target.ts';

export const CORPUS_FOLDER: string = join(import.meta.dirname, 'corpus');

export function corpusOf(
  target: FuzzTarget,
  folders: readonly string[] = [CORPUS_FOLDER],
): readonly Uint8Array[] {
  const names = [target.name, ...(target.shares ?? [])];
  const kept = folders.flatMap((folder) => names.flatMap((name) => filesOf(join(folder, name))));
  return [...target.seeds(), ...kept];
}

function filesOf(folder: string): readonly Uint8Array[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).toSorted();
  return names.map((name) => new Uint8Array(readFileSync(join(folder, name))));
}
