/**
 * All C of a program: its own definitions, and the headers that it includes or imports, preprocessed as one text and
 * parsed. What the names in it mean is found later, upon the types of a machine.
 */
import type { ProgramFiles } from '@bpfleet/protocol';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { Source } from '../source.ts';
import type { CDefinition } from '../syntax/ast.ts';
import type { Target } from '../target.ts';
import { COMMAND_LINE, includeDirective } from '../imports/search-paths.ts';
import type { CTypes } from '../types/c-types.ts';
import type { CMacro } from './c-macro.ts';
import type { CDeclarations } from './c-type.ts';
import { DeclarationParser } from './declaration-parser.ts';
import { withClangPosition } from './clang-position.ts';
import { DefinedTypes } from './defined-types.ts';
import { findInclude } from './find-include.ts';
import { headerMacros } from './header-macros.ts';
import type { Macros } from './macro-expander.ts';
import type { MacroTable } from './macro-table.ts';
import { preludeMacros } from './prelude.ts';
import type { PreludeTarget } from './prelude.ts';
import { Preprocessor } from './preprocessor.ts';
import { TokenCursor } from './token-cursor.ts';

type Report = (diagnostic: Diagnostic) => void;

export interface CInput {
  /** Headers that come before the definitions. */
  readonly includes?: readonly string[];
  readonly definitions: readonly CDefinition[];
  /** Those that the definitions include. */
  readonly files: ProgramFiles;
  readonly target: PreludeTarget;
}

export interface CProgram {
  /**
   * All that are defined at the end of the text, the compiler's own among them; those of known headers need no
   * `#include`, but give way to enumerators of the text.
   */
  readonly macros: Macros;
  readonly declarations: CDeclarations;
  /** Whether it is told that something in a text is wrong: not in the text of a library. */
  readonly isOwn: (source: Source) => boolean;
}

/** `report` gets what is wrong with the text itself. */
export function readC(
  { includes = [], definitions, files, target }: CInput,
  report: Report,
): CProgram {
  const isOwn = (source: Source): boolean => !preprocessor.system.has(source);
  const reportOwn: Report = (diagnostic) => {
    if (diagnostic.span === undefined || isOwn(diagnostic.span.source)) {
      report(withClangPosition(diagnostic, definitions));
    }
  };
  const sources = { include: findInclude(files), known: headerMacros(target.arch) };
  const preprocessor = new Preprocessor(preludeMacros(target), sources, reportOwn);
  for (const name of includes) {
    const directive = includeDirective(name);
    preprocessor.feed(new Source(COMMAND_LINE, directive), 0, directive.length);
  }
  for (const definition of definitions) feed(preprocessor, definition, files);
  preprocessor.finish();
  const { macros, tokens } = preprocessor;
  const [first] = tokens;
  if (first === undefined) {
    return { macros: withHeaders(macros, NOTHING, target), declarations: NOTHING, isOwn };
  }
  const declarations = new DeclarationParser(new TokenCursor(tokens, first.span), reportOwn);
  declarations.parse();
  return { macros: withHeaders(macros, declarations, target), declarations, isOwn };
}

function withHeaders(
  macros: MacroTable,
  { enums }: CDeclarations,
  { arch }: PreludeTarget,
): Macros {
  const headers = headerMacros(arch);
  const enumerators = new Set(
    [...enums.values()].flatMap((one) => one.enumerators.map(({ name }) => name)),
  );
  const get = (name: string): CMacro | undefined => {
    const defined = macros.get(name);
    if (defined !== undefined || macros.isTakenBack(name) || enumerators.has(name)) return defined;
    return headers.get(name);
  };
  return { get, has: (name) => get(name) !== undefined };
}

function feed(preprocessor: Preprocessor, definition: CDefinition, files: ProgramFiles): void {
  const { span, form, path } = definition;
  const imported = path === undefined ? undefined : files[path];
  if (path !== undefined && imported?.kind === 'text') {
    const { text } = imported;
    return preprocessor.feed(new Source(path, text), 0, text.length);
  }
  preprocessor.feed(span.source, span.start, span.end);
  // The semicolon behind a definition may be left out.
  if (form !== 'directive') preprocessor.separate(span);
}

const NOTHING: CDeclarations = { composites: new Map(), enums: new Map(), typedefs: new Map() };

/** The program's types upon those `below`; `report` gets what these leave unknown. */
export function defineTypes(
  { declarations, isOwn }: CProgram,
  below: CTypes,
  arch: Target['arch'],
  report: Report,
): CTypes {
  return new DefinedTypes(declarations, below, arch, (diagnostic) => {
    if (diagnostic.span === undefined || isOwn(diagnostic.span.source)) report(diagnostic);
  });
}
