/** What `import "stdlib/…"` finds where no file has that name. */
import { Source } from '../source.ts';

/** The standard library is there without being imported; its name may be written all the same. */
const PACKAGES: ReadonlyMap<string, Source> = new Map([
  ['stdlib', new Source('stdlib', '')],
  ['stdlib/test', new Source('stdlib/test', 'macro __always_true()\n{\n  1\n}\n')],
]);

export function findPackage(name: string): Source | undefined {
  return PACKAGES.get(name);
}

export function packageNames(): readonly string[] {
  return [...PACKAGES.keys()];
}
