/**
 * Which files a program wants, found by following its imports and includes. The caller reads them: the compiler touches no
 * file, and on a fleet the files are on the machine of the user and not on those that compile.
 */
import type { ProgramFile, ProgramFiles } from '@bpfleet/protocol';
import { isKnownHeader } from '../c/known-headers.ts';
import { Source } from '../source.ts';
import type { Program } from '../syntax/ast.ts';
import { parse } from '../syntax/parse.ts';
import { walk } from '../syntax/visit.ts';
import { fileKind } from './file-kind.ts';
import { directoryOf, joinPath } from './path-text.ts';
import {
  angledKey,
  COMMAND_LINE,
  firstThere,
  importPaths,
  includedName,
  includeDirective,
  includePaths,
} from './search-paths.ts';

/** Never throws: what cannot be read is one of the kinds of `ProgramFile`. */
export type ReadProgramFile = (path: string) => ProgramFile;

/**
 * `includeDirectories` are those of `-I`, and `includes` the files of `--include`. What does not parse wants nothing: the
 * compiler will say why.
 */
export function collectProgramFiles(
  source: Source,
  read: ReadProgramFile,
  includeDirectories: readonly string[] = [],
  includes: readonly string[] = [],
): ProgramFiles {
  const collector = new Collector(source.name, read, includeDirectories);
  for (const name of includes) collector.header(COMMAND_LINE, includeDirective(name));
  collector.script(source);
  collector.finish();
  return collector.files;
}

class Collector {
  readonly files: Record<string, ProgramFile> = {};
  readonly #program: string;
  readonly #read: ReadProgramFile;
  readonly #includeDirectories: readonly string[];
  readonly #followed = new Set<string>();
  /** Chains of files may be long. */
  readonly #pending: (() => void)[] = [];

  constructor(program: string, read: ReadProgramFile, includeDirectories: readonly string[]) {
    this.#program = program;
    this.#read = read;
    this.#includeDirectories = includeDirectories;
  }

  script(source: Source): void {
    const { program } = parse(source);
    if (program === undefined) return;
    for (const { text } of program.definitions) this.#include(text, source.name);
    for (const name of importedNames(program)) this.#import(name, source.name);
  }

  #import(name: string, importer: string): void {
    const found = this.#find(importPaths(name, importer, this.#program));
    if (found === undefined) return;
    const { path, file } = found;
    if (file.kind === 'text') this.#follow(path, file.text);
    if (file.kind !== 'directory') return;
    for (const entry of file.entries) {
      const inside = joinPath(path, entry);
      if (fileKind(inside) === 'unknown') continue;
      const one = this.#look(inside);
      if (one.kind === 'text') this.#follow(inside, one.text);
    }
  }

  #follow(path: string, text: string): void {
    if (this.#followed.has(path)) return;
    this.#followed.add(path);
    const kind = fileKind(path);
    if (kind === 'script') this.#pending.push(() => this.script(new Source(path, text)));
    else if (kind === 'header') this.#pending.push(() => this.header(path, text));
  }

  /** Follows what was named, and what that names in turn. */
  finish(): void {
    for (const follow of this.#pending) follow();
  }

  header(path: string, text: string): void {
    for (const line of text.split('\n')) this.#include(line, path);
  }

  #include(directive: string, includer: string): void {
    const included = includedName(directive);
    if (included === undefined) return;
    const { name, quoted } = included;
    if (!quoted && isKnownHeader(name)) return;
    const found = this.#find(includePaths(included, includer, this.#includeDirectories));
    if (found?.file.kind !== 'text') return;
    const isBeside = quoted && found.path === joinPath(directoryOf(includer), name);
    if (!isBeside) this.files[angledKey(name)] = { kind: 'found-at', path: found.path };
    if (this.#followed.has(found.path)) return;
    this.#followed.add(found.path);
    const { path, file } = found;
    this.#pending.push(() => this.header(path, file.kind === 'text' ? file.text : ''));
  }

  #find(paths: readonly string[]): ReturnType<typeof firstThere> {
    for (const path of paths) if (this.#look(path).kind !== 'missing') break;
    return firstThere(paths, this.files);
  }

  #look(path: string): ProgramFile {
    return (this.files[path] ??= this.#read(path));
  }
}

function importedNames(program: Program): readonly string[] {
  const names: string[] = [];
  walk(program, {
    enter: (node) => {
      if (node.kind === 'import' || node.kind === 'statement-import') names.push(node.path);
    },
  });
  return names;
}
