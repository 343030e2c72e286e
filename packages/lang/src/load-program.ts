/** From the text of a program to the tree that is compiled: its imports are in it, and no macro is left. */
import type { ProgramFiles } from '@bpfleet/protocol';
import { Diagnostics } from './diagnostics/diagnostic.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { nestedTooDeeply } from './diagnostics/messages/syntax.ts';
import { expandMacros } from './expansion/expand-macros.ts';
import { resolveImports } from './imports/resolve-imports.ts';
import type { Source } from './source.ts';
import { standardMacros } from './stdlib/standard-macros.ts';
import type { Program } from './syntax/ast.ts';
import { parse } from './syntax/parse.ts';
import { deeperThan } from './syntax/tree-depth.ts';

/** Bodies of macros nest in one another; the passes after this one walk the tree by recursion. */
const MAX_DEPTH = 1000;

export interface LoadedProgram {
  /** Absent if there is an error. */
  readonly program: Program | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** `files` are what `collectProgramFiles` found. Never throws. */
export function loadProgram(source: Source, files: ProgramFiles = {}): LoadedProgram {
  const parsed = parse(source);
  if (parsed.program === undefined) return parsed;
  const found = new Diagnostics();
  const whole = resolveImports(parsed.program, files, found);
  const program = found.failed ? whole : expandMacros(whole, standardMacros(), found);
  const deep = found.failed ? undefined : deeperThan(program, MAX_DEPTH);
  if (deep !== undefined) found.add(nestedTooDeeply(deep.span, MAX_DEPTH));
  return { program: found.failed ? undefined : program, diagnostics: found.items };
}
