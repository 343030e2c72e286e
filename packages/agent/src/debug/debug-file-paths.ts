/**
 * Where the debug information that was stripped off a program may be, in the order in which elfutils looks: by build id,
 * then by the name that the program gives or that is usual, in each directory of a list.
 */
import { basename, dirname, join } from 'node:path';

/** Beside the program, and in its `.debug`. */
const BESIDE: readonly string[] = ['', '.debug'];
/** Where distributions put it. */
const CENTRAL = '/usr/lib/debug';

/** Before a path in a container, as the rest of us see it. */
const ROOT = /^\/proc\/\d+\/root(?=\/)/;

/** Empty for a path that is not in a container. */
export function containerRoot(path: string): string {
  return ROOT.exec(path)?.[0] ?? '';
}

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
  const all = [...directories, ...BESIDE, ...centralDirectories(root)];
  const paths = file.buildId === undefined ? [] : pathsById(file.buildId, all);
  for (const directory of all) {
    if (!directory.startsWith('/')) {
      paths.push(join(root, home, directory, name));
      continue;
    }
    paths.push(join(directory, home, name), join(directory, name));
  }
  return paths.filter((path) => path !== join(root, file.path));
}

/**
 * Where the file may be that holds what several have in common.
 * @param link its name and build id
 * @param from the file that refers to it
 */
export function commonFilePaths(
  link: { readonly fileName: string; readonly id: string },
  from: string,
  directories: readonly string[],
): string[] {
  const root = containerRoot(from);
  const named = link.fileName.startsWith('/')
    ? join(root, link.fileName)
    : join(dirname(from), link.fileName);
  const byName = directories.map((directory) => join(directory, basename(link.fileName)));
  return [named, ...pathsById(link.id, [...directories, ...centralDirectories(root)]), ...byName];
}

/** A container's own come before those of its host. */
function centralDirectories(root: string): readonly string[] {
  return root === '' ? [CENTRAL] : [root + CENTRAL, CENTRAL];
}

function pathsById(id: string, directories: readonly string[]): string[] {
  if (id.length <= 2) return [];
  const byId = join('.build-id', id.slice(0, 2), `${id.slice(2)}.debug`);
  return directories
    .filter((directory) => directory.startsWith('/'))
    .map((directory) => join(directory, byId));
}
