/** One program out of a script and all that it imports: what is imported comes first, each path once. */
import type { ProgramFile, ProgramFiles } from '@bpfleet/protocol';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import {
  compiledImport,
  configInImport,
  importNotFound,
  importRefused,
  importSkipped,
  importTooDeep,
  importUnreadable,
  scriptInBlock,
  unknownImportType,
} from '../diagnostics/messages/imports.ts';
import { suggest } from '../diagnostics/suggest.ts';
import { withOrigin } from '../expansion/with-origin.ts';
import { Source, type Span } from '../source.ts';
import { findPackage, packageNames } from '../stdlib/packages.ts';
import type { CDefinition, Item, Program, StatementImport } from '../syntax/ast.ts';
import { parse } from '../syntax/parse.ts';
import { rewrite } from '../syntax/visit.ts';
import { fileKind } from './file-kind.ts';
import { joinPath } from './path-text.ts';
import { importPaths } from './search-paths.ts';

/** Deeper ones could overflow the stack. */
const MAX_DEPTH = 200;

export function resolveImports(
  program: Program,
  files: ProgramFiles,
  diagnostics: Diagnostics,
): Program {
  const resolver = new ImportResolver(program.span.source.name, files, diagnostics);
  const own = resolver.take(program);
  return {
    ...own,
    imports: [],
    ...(resolver.blockImports.length > 0 && { blockImports: resolver.blockImports }),
    definitions: [...resolver.definitions, ...own.definitions],
    items: [...resolver.items, ...own.items],
  };
}

class ImportResolver {
  readonly definitions: CDefinition[] = [];
  readonly items: Item[] = [];
  readonly blockImports: StatementImport[] = [];
  readonly #program: string;
  readonly #files: ProgramFiles;
  readonly #diagnostics: Diagnostics;
  readonly #imported = new Set<string>();
  #depth = 0;

  constructor(program: string, files: ProgramFiles, diagnostics: Diagnostics) {
    this.#program = program;
    this.#files = files;
    this.#diagnostics = diagnostics;
  }

  /** Imports what a script names, and gives the script without its imports. */
  take(script: Program): Program {
    for (const { path, span } of script.imports) this.#import(path, span);
    return rewrite(script, (node) => {
      if (node.kind !== 'block' || !node.statements.some(isImport)) return node;
      for (const statement of node.statements) if (isImport(statement)) this.#inBlock(statement);
      return { ...node, statements: node.statements.filter((statement) => !isImport(statement)) };
    });
  }

  #inBlock(statement: StatementImport): void {
    const { path, span } = statement;
    this.blockImports.push(statement);
    const searched = this.#search(path, span);
    if (fileKind(path) === 'script' || searched?.file.kind === 'directory') {
      this.#diagnostics.add(scriptInBlock(span));
    } else {
      this.#import(path, span);
    }
  }

  #import(name: string, span: Span): void {
    const found = this.#search(name, span);
    if (found !== undefined) return this.#take(found.path, found.file, span, true);
    const internal = findPackage(name);
    if (internal !== undefined) {
      if (!this.#imported.has(internal.name)) this.#script(internal, span);
      this.#imported.add(internal.name);
      return;
    }
    const checked = importPaths(name, span.source.name, this.#program);
    this.#diagnostics.add(importNotFound(span, checked, suggest(name, packageNames())));
  }

  /** Where the import is found, passing over what anybody could have put there. */
  #search(
    name: string,
    span: Span,
  ): { readonly path: string; readonly file: ProgramFile } | undefined {
    for (const path of importPaths(name, span.source.name, this.#program)) {
      const file = Object.hasOwn(this.#files, path) ? this.#files[path] : undefined;
      if (file === undefined || file.kind === 'missing') continue;
      if (!isWorldWritable(file)) return { path, file };
      this.#diagnostics.add(importSkipped(span, path));
    }
    return undefined;
  }

  #take(path: string, file: ProgramFile, span: Span, direct: boolean): void {
    if (this.#imported.has(path)) return;
    this.#imported.add(path);
    if (isWorldWritable(file)) return this.#diagnostics.add(importRefused(span, path));
    switch (file.kind) {
      case 'directory':
        // Directories in a directory are left out.
        if (direct) for (const entry of file.entries) this.#entry(joinPath(path, entry), span);
        return;
      case 'unreadable':
        return this.#diagnostics.add(importUnreadable(span, path, file.reason));
      case 'text':
        return this.#text(path, file.text, span, direct);
      case 'found-at':
      case 'missing':
    }
  }

  #entry(path: string, span: Span): void {
    const file = this.#files[path];
    if (file !== undefined) this.#take(path, file, span, false);
  }

  #text(path: string, text: string, span: Span, direct: boolean): void {
    switch (fileKind(path)) {
      case 'script':
        return this.#script(new Source(path, text), span);
      case 'header':
        this.definitions.push({
          kind: 'c-definition',
          span,
          form: 'directive',
          text: `#include "${path}"`,
          path,
        });
        return;
      case 'c-source':
      case 'object':
        return this.#diagnostics.add(compiledImport(span, path));
      case 'unknown':
        if (direct) this.#diagnostics.add(unknownImportType(span, baseName(path)));
    }
  }

  #script(source: Source, span: Span): void {
    const { program, diagnostics } = parse(source);
    for (const diagnostic of diagnostics) this.#diagnostics.add(diagnostic);
    if (program === undefined) return;
    if ((program.config?.entries.length ?? 0) > 0 && program.config !== undefined) {
      this.#diagnostics.add(configInImport(program.config.span));
    }
    if (this.#depth === MAX_DEPTH) return this.#diagnostics.add(importTooDeep(span, MAX_DEPTH));
    this.#depth++;
    const { definitions, items } = this.take(program);
    this.#depth--;
    for (const definition of definitions) this.definitions.push(withOrigin(definition, span));
    for (const item of items) this.items.push(withOrigin(item, span));
  }
}

function isImport(node: { readonly kind: string }): node is StatementImport {
  return node.kind === 'statement-import';
}

function isWorldWritable(file: ProgramFile): boolean {
  return (file.kind === 'text' || file.kind === 'directory') && file.worldWritable;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
