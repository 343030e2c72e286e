/** The file that `dwz` moved debug information to that several files have in common. */
import { realpathSync } from 'node:fs';
import { commonDebugLink, isLinkedCommonFile, type Elf } from '@bpfleet/bpf/elf';
import { commonFilePaths } from './debug-file-paths.ts';
import { openDebugFile, type DebugFile } from './find-debug-file.ts';

/** Undefined for a file that refers to none, or to one that is not there. */
export function findCommonFile(
  { path, elf }: DebugFile,
  directories: readonly string[],
): Elf | undefined {
  const link = commonDebugLink(elf);
  if (link === undefined) return undefined;
  for (const candidate of commonFilePaths(link, real(path), directories)) {
    const [, found] = openDebugFile(candidate) ?? [];
    if (found !== undefined && isLinkedCommonFile(found, link)) return found;
  }
  return undefined;
}

/** A debug file may be reached by a link with its build id, and names the common one from where it really is. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
