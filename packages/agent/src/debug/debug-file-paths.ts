/**
 * Where the debug information that was stripped off a program may be, in the order in which elfutils looks: by build id,
 * then by the name that the program gives or that is usual, in each directory of a list.
 */
import { basename, dirname, join } from 'node:path';

/** Beside the program, in its `.debug`, and where distributions put it. */
const USUAL: readonly string[] = ['', '.debug', '/usr/lib/debug'];

export interface StrippedFile {
  /** Absolute. */
  readonly path: string;
  readonly buildId?: string;
  /** The name in `.gnu_debuglink`. */
  readonly linkedName?: string;
}

/**
 * @param directories from `--debuginfo`: a relative one is meant within the program's directory, an absolute one holds
 *   the directories of programs again
 */
export function debugFilePaths(file: StrippedFile, directories: readonly string[]): string[] {
  const home = dirname(file.path);
  const name = file.linkedName ?? `${basename(file.path)}.debug`;
  const all = [...directories, ...USUAL];
  const paths: string[] = [];
  const { buildId } = file;
  if (buildId !== undefined && buildId.length > 2) {
    const byId = join('.build-id', buildId.slice(0, 2), `${buildId.slice(2)}.debug`);
    for (const directory of all) if (directory.startsWith('/')) paths.push(join(directory, byId));
  }
  for (const directory of all) {
    if (!directory.startsWith('/')) {
      paths.push(join(home, directory, name));
      continue;
    }
    paths.push(join(directory, home, name), join(directory, name));
  }
  return paths.filter((path) => path !== file.path);
}
