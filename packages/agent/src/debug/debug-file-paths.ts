/**
 * Where the debug information that was stripped off a program may be, in the order in which elfutils looks: by build id,
 * then by the name that the program gives or that is usual, in each directory of a list.
 */
import { basename, dirname, join } from 'node:path';

/** Beside the program, and in its `.debug`. */
const BESIDE: readonly string[] = ['', '.debug'];
/** Where distributions put it. */
const CENTRAL = '/usr/lib/debug';

export interface StrippedFile {
  /** Absolute. */
  readonly path: string;
  /** Where its paths begin, if not at ours: in a container. */
  readonly root?: string;
  readonly buildId?: string;
  /** The name in `.gnu_debuglink`. */
  readonly linkedName?: string;
}

/**
 * @param directories from `--debuginfo`: a relative one is meant within the program's directory, an absolute one holds
 *   the directories of programs again
 */
export function debugFilePaths(file: StrippedFile, directories: readonly string[]): string[] {
  const { root = '' } = file;
  const home = dirname(file.path);
  const name = file.linkedName ?? `${basename(file.path)}.debug`;
  const central = root === '' ? [CENTRAL] : [root + CENTRAL, CENTRAL];
  const all = [...directories, ...BESIDE, ...central];
  const paths: string[] = [];
  const { buildId } = file;
  if (buildId !== undefined && buildId.length > 2) {
    const byId = join('.build-id', buildId.slice(0, 2), `${buildId.slice(2)}.debug`);
    for (const directory of all) if (directory.startsWith('/')) paths.push(join(directory, byId));
  }
  for (const directory of all) {
    if (!directory.startsWith('/')) {
      paths.push(join(root, home, directory, name));
      continue;
    }
    paths.push(join(directory, home, name), join(directory, name));
  }
  return paths.filter((path) => path !== join(root, file.path));
}
