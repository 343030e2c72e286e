/** Paths as text, with slashes: where a file is that another one names. */

/** Of a path; empty for one without slashes, which is the directory that the program was started in. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === 0 ? '/' : path.slice(0, Math.max(slash, 0));
}

/** `name` as seen from a directory, with `.` and `..` taken out; an absolute name is what it is. */
export function joinPath(directory: string, name: string): string {
  const whole = name.startsWith('/') || directory === '' ? name : `${directory}/${name}`;
  const parts: string[] = [];
  for (const part of whole.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !whole.startsWith('/')) parts.push(part);
  }
  const joined = parts.join('/');
  return whole.startsWith('/') ? `/${joined}` : joined === '' ? '.' : joined;
}
