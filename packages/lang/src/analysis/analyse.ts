/** From a syntax tree and a target to a program that can be lowered, or to all that is wrong with it. */
import type { CompileOptions } from '../compile-options.ts';
import { enumeratorsOf } from '../c/defined-names.ts';
import { defineTypes, readC } from '../c/read-c.ts';
import { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { origins, renderPosition } from '../diagnostics/render.ts';
import { expandCMacros } from '../expansion/expand-c-macros.ts';
import type { Source } from '../source.ts';
import type { Program } from '../syntax/ast.ts';
import type { Target } from '../target.ts';
import { applyConfig } from './apply-config.ts';
import { bindFunctions, checkedFunctions } from './bind-functions.ts';
import { checkFlow } from './check-flow.ts';
import type { CheckedProgram } from './checked-program.ts';
import { checkUnstable } from './check-unstable.ts';
import { desugar } from './desugar.ts';
import { expandProbes } from './expand-probes.ts';
import { checkUnrolls, foldConstants } from './fold-constants.ts';
import { planMaps } from './plan-maps.ts';
import { traceHostLocality } from './provenance.ts';
import { programTypes } from './program-types.ts';
import { refuseFiles } from './refuse-files.ts';
import { refuseUnsupported } from './refuse-unsupported.ts';
import { reportFailures } from './report-failures.ts';
import { resolveTypes } from './resolve-types.ts';
import { resolveVariables } from './resolve-variables.ts';
import { spliceNamedParameters } from './named-parameters.ts';
import { spliceParameters } from './splice-parameters.ts';

export interface AnalysisResult {
  /** Absent if there is an error. */
  readonly checked: CheckedProgram | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Stops after the first group of passes with errors, and reports all that these found. */
export function analyse(
  program: Program,
  source: Source,
  target: Target,
  options: CompileOptions,
): AnalysisResult {
  const found = new Diagnostics();
  const checked = run(program, source, target, options, found);
  return { checked: found.failed ? undefined : checked, diagnostics: unique(found.items) };
}

function run(
  written: Program,
  source: Source,
  target: Target,
  options: CompileOptions,
  found: Diagnostics,
): CheckedProgram | undefined {
  const { parameters, namedParameters = [], environment, unsafe } = options;
  const { reportReads = false, redact = false, files = {}, includes = [] } = options;
  const config = { ...applyConfig(written.config, environment, found), reportReads, redact };
  const report = (diagnostic: Diagnostic): void => found.add(diagnostic);
  const { arch, kernelRelease, pageSize, btf } = target;
  const machine = { arch, kernelRelease, pageSize, hasBtf: btf !== undefined };
  const c = readC({ includes, definitions: written.definitions, files, target: machine }, report);
  const expandedC = expandCMacros(written, c.macros, found);
  const positional = spliceParameters(expandedC, parameters, found);
  const spliced = spliceNamedParameters(positional, namedParameters, found);
  const enumerators = enumeratorsOf(c);
  const program = desugar(spliced, (name) => enumerators.has(name), found);
  refuseUnsupported(program, found);
  if (options.onFleet === true) refuseFiles(program, found);
  checkUnstable(program, config, found);
  checkFlow(program, found);
  const expanded = expandProbes(program, { target, config, parameters, unsafe }, found);
  if (found.failed) return undefined;
  const bound = [...bindFunctions(program, found), ...expanded.bound];
  if (found.failed) return undefined;
  const typesOf = programTypes(target, (below) => defineTypes(c, below, arch, report));
  const folded = bound.map((probe) =>
    foldConstants(probe, { config, target, types: typesOf(probe.draft) }, found),
  );
  const bodies = folded.map((probe) => resolveVariables(probe, found));
  if (found.failed) return undefined;
  const settings = { config, target, typesOf, unsafe };
  const typed = resolveTypes(bodies, settings, found);
  for (const { bound } of typed.probes) {
    checkUnrolls(bound, found);
    reportFailures(bound, found);
  }
  if (found.failed) return undefined;
  const maps = planMaps(program, typed, traceHostLocality(typed), config, found);
  const probes = typed.probes.flatMap(({ bound, variables }) => {
    const { draft, attachPoints, body } = bound;
    return bound.function === undefined ? [{ ...draft, attachPoints, body, variables }] : [];
  });
  const functions = checkedFunctions(typed);
  const { choices } = expanded;
  return { source, target, config, probes, functions, types: typed.types, maps, choices };
}

/** Clones of one body have the same faults. */
function unique(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ code, span, message }) => {
    const places = [span, ...origins(span)].map((at) => at && renderPosition(at));
    const key = `${code} ${places.join(' ')} ${message}`;
    const first = !seen.has(key);
    seen.add(key);
    return first;
  });
}
