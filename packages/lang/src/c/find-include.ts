/** The text that an `#include` names, among the files that came with the program. */
import type { ProgramFiles } from '@bpfleet/protocol';
import { directoryOf, joinPath } from '../imports/path-text.ts';
import { angledKey } from '../imports/search-paths.ts';
import { Source } from '../source.ts';
import { isKnownHeader } from './known-headers.ts';
import type { Include, Included, IncludeRequest } from './preprocessor.ts';

export function findInclude(files: ProgramFiles): Include {
  const sources = new Map<string, Source>();
  const textAt = (path: string, system: boolean): Included | undefined => {
    const file = Object.hasOwn(files, path) ? files[path] : undefined;
    if (file?.kind === 'found-at') return textAt(file.path, true);
    if (file?.kind !== 'text') return undefined;
    const source = sources.get(path) ?? new Source(path, file.text);
    sources.set(path, source);
    return { kind: 'text', source, system };
  };
  return ({ name, angled, from }: IncludeRequest): Included => {
    const beside = angled ? undefined : textAt(joinPath(directoryOf(from.name), name), false);
    if (beside !== undefined) return beside;
    if (isKnownHeader(name)) return { kind: 'known' };
    return textAt(angledKey(name), true) ?? { kind: 'missing' };
  };
}
