/** What can be said of a program without a machine: for the coordinator, before it asks any host. */
import type { ProgramFiles } from '@bpfleet/protocol';
import { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { loadProgram } from '../load-program.ts';
import type { Source } from '../source.ts';
import type { Program } from '../syntax/ast.ts';
import { definedNames } from '../c/defined-names.ts';
import { applyConfig } from './apply-config.ts';
import { bindFunctions } from './bind-functions.ts';
import { checkFlow } from './check-flow.ts';
import { checkUnstable } from './check-unstable.ts';
import { checkNames } from './check-names.ts';
import { desugar } from './desugar.ts';
import { readAttachPoint } from './read-attach-point.ts';
import { refuseUnsupported } from './refuse-unsupported.ts';
import { spliceNamedParameters } from './named-parameters.ts';
import { spliceParameters } from './splice-parameters.ts';

export interface CheckResult {
  /** Absent if there is a syntax error. */
  readonly program: Program | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Syntax, config keys, the text of attach points, constructs, and names of builtins and functions; no types. */
export function check(
  source: Source,
  parameters: readonly string[] = [],
  files: ProgramFiles = {},
): CheckResult {
  const parsed = loadProgram(source, files);
  if (parsed.program === undefined) return parsed;
  const found = new Diagnostics();
  const config = applyConfig(parsed.program.config, {}, found);
  const positional = spliceParameters(parsed.program, parameters, found);
  const defined = definedNames(parsed.program.definitions, files);
  const program = desugar(spliceNamedParameters(positional, [], found), defined, found);
  checkUnstable(program, config, found);
  refuseUnsupported(program, found);
  bindFunctions(program, found);
  checkFlow(program, found);
  checkNames(program, defined, found);
  const warned = new Set<string>();
  for (const item of program.items) {
    if (item.kind !== 'probe') continue;
    for (const written of item.attachPoints.filter(({ text }) => !/^[^:]*\*/.test(text)))
      readAttachPoint(written, { parameters, hasPid: true, unsafe: true }, warned, found);
  }
  return { program: parsed.program, diagnostics: [...parsed.diagnostics, ...found.items] };
}
