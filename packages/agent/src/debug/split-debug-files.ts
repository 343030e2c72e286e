/** The `.dwo` files that a compiler left beside its objects, and the `.dwp` file they may have been gathered in. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, parse, resolve } from 'node:path';
import { inflateSync } from 'node:zlib';
import {
  readSections,
  type DwarfSections,
  type Inflate,
  type SplitFiles,
  type SplitRequest,
} from '@bpfleet/bpf/dwarf';
import { Elf } from '@bpfleet/bpf/elf';
import { openFileBytes } from './file-bytes.ts';

export const inflate: Inflate = (packed, sizeBytes) =>
  inflateSync(packed, { maxOutputLength: Math.max(1, sizeBytes) });

/**
 * @param path of the program
 * @param warn told what is missing: without it, functions and types of that source file are unknown
 * @throws ElfError for a file that is damaged.
 */
export function splitFiles(path: string, warn: (message: string) => void): SplitFiles {
  const binary = parse(path).name;
  const packagePath = [`${path}.dwp`, join(dirname(path), `${binary}.dwp`)].find((candidate) =>
    existsSync(candidate),
  );
  return {
    ...(packagePath === undefined ? {} : { package: open(packagePath) }),
    read: (request) => {
      const found = candidates(request, path).find((candidate) => existsSync(candidate));
      return found === undefined ? undefined : open(found);
    },
    missing: ({ name }) => {
      warn(
        `Unable to find split debug file '${basename(name)}' or '${binary}.dwp' for '${path}', ` +
          'debugging information may be incomplete!',
      );
    },
  };
}

/** Where the compiler put it, or, of a program that was moved, beside it. */
function candidates({ name, directory }: SplitRequest, path: string): readonly string[] {
  return [resolve(directory, name), join(dirname(path), basename(name))];
}

function open(path: string): DwarfSections {
  return readSections(new Elf(openFileBytes(path)), inflate, true);
}
