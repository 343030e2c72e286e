/** Files whose paths match a pattern, each part on its own: `*` does not reach over a slash. */
import { readdirSync, statSync } from 'node:fs';
import { matcher } from './wildcard.ts';

export function expandPath(pattern: string): readonly string[] {
  let found = [pattern.startsWith('/') ? '/' : ''];
  for (const part of pattern.split('/').filter((one) => one !== '')) {
    found = found.flatMap((directory) => {
      if (!part.includes('*')) return [directory + part];
      const matches = matcher(part);
      return entriesOf(directory)
        .filter((name) => matches(name) && (part.startsWith('.') || !name.startsWith('.')))
        .map((name) => directory + name);
    });
    found = found.map((path) => `${path}/`);
  }
  return found
    .map((path) => path.slice(0, -1))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory === '' ? '.' : directory).toSorted();
  } catch {
    return [];
  }
}
