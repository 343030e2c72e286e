/** Files by what they are, whatever path leads to them: a link, a bind mount, the root of another process. */
import { realpathSync, statSync } from 'node:fs';
import { expandPath } from '../target/expand-path.ts';
import { matcher } from '../target/wildcard.ts';

/** Between an archive and a file in it. */
const ARCHIVE_MARK = '!/';
const ROOT_OF_PROCESS = /^\/proc\/[^/]+\/root(?=\/)/;

/** Whether a path leads to a file that the pattern means now. `*` does not reach over a slash. */
export function fileIdentities(pattern: string): (path: string) => boolean {
  const parts = pattern.split('/').map(matcher);
  const isNamed = (path: string): boolean => {
    const names = path.split('/');
    return names.length === parts.length && parts.every((matches, at) => matches(names[at] ?? ''));
  };
  let known: ReadonlySet<string> | undefined;
  return (written) => {
    const path = written.split(ARCHIVE_MARK, 1)[0] ?? written;
    if (namesOf(path).some(isNamed)) return true;
    known ??= new Set(expandPath(pattern).flatMap(identity));
    return identity(path).some((id) => known?.has(id) === true);
  };
}

/** As written, as links resolve, and as a process in a container sees it. */
function namesOf(path: string): readonly string[] {
  const names = [path, path.replace(ROOT_OF_PROCESS, '')];
  try {
    names.push(realpathSync(path));
  } catch {
    // Gone: there is nothing to trace in it either.
  }
  return names;
}

function identity(path: string): readonly string[] {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? [] : [`${found.dev}:${found.ino}`];
}
