/** Matching of names by patterns in which `*` stands for any characters, as in attach points and listings. */

export type Matcher = (name: string) => boolean;

export function matcher(pattern: string): Matcher {
  if (!pattern.includes('*')) return (name) => name === pattern;
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('.*');
  const expression = new RegExp(`^${source}$`, 's');
  return (name) => expression.test(name);
}
