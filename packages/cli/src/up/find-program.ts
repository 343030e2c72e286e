/** A program by its name, as a shell would find it. */
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Its path with links followed; undefined when it is in none of the directories of `PATH`. */
export function findProgram(name: string, searchPath: string): string | undefined {
  const found = searchPath
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find((candidate) => existsSync(candidate));
  return found === undefined ? undefined : realpathSync(found);
}
