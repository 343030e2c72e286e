/** Where a name in an `import` or `#include` is looked for, best first. */
import type { ProgramFile, ProgramFiles } from '@bpfleet/protocol';
import { directoryOf, joinPath } from './path-text.ts';

/** Beside the script that has the import, then beside the program itself. */
export function importPaths(name: string, importer: string, program: string): readonly string[] {
  const directories = [directoryOf(importer), directoryOf(program)];
  return [...new Set(directories.map((directory) => joinPath(directory, name)))];
}

/** `"name"` is looked for beside the file that has the directive; then both forms in the directories of `-I`. */
export function includePaths(
  { name, quoted }: { readonly name: string; readonly quoted: boolean },
  includer: string,
  directories: readonly string[],
): readonly string[] {
  const searched = quoted ? [directoryOf(includer), ...directories] : directories;
  return [...new Set(searched.map((directory) => joinPath(directory, name)))];
}

/** The name in an `#include` line; undefined for any other line. */
export function includedName(
  directive: string,
): { readonly name: string; readonly quoted: boolean } | undefined {
  const found = /^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)/.exec(directive);
  const name = found?.[1] ?? found?.[2];
  return name === undefined ? undefined : { name, quoted: found?.[1] !== undefined };
}

/** What has the includes of `--include`; beside it is where the program was started. */
export const COMMAND_LINE = 'command-line';

export function includeDirective(name: string): string {
  return `#include "${name}"`;
}

/** Where among a program's files it says which file `<name>` is. */
export function angledKey(name: string): string {
  return `<${name}>`;
}

/** The first of the paths where there is something. */
export function firstThere(
  paths: readonly string[],
  files: ProgramFiles,
): { readonly path: string; readonly file: ProgramFile } | undefined {
  for (const path of paths) {
    const file = Object.hasOwn(files, path) ? files[path] : undefined;
    if (file !== undefined && file.kind !== 'missing') return { path, file };
  }
  return undefined;
}
