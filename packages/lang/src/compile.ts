/** The compiler: one source text and one target in, one session spec or its diagnostics out. */
import { analyse } from './analysis/analyse.ts';
import type { CheckedProgram } from './analysis/checked-program.ts';
import { fitKernel } from './codegen/fit-kernel.ts';
import type { LoweredProgram } from './codegen/lower.ts';
import type { CompileOptions } from './compile-options.ts';
import { loadProgram } from './load-program.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import type { SessionSpec } from './session-spec.ts';
import type { Source } from './source.ts';
import type { Program } from './syntax/ast.ts';
import type { Target } from './target.ts';

export type CompileResult =
  | {
      readonly ok: true;
      readonly spec: SessionSpec;
      readonly stages: CompiledStages;
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** What each stage made of the program; `compileStages` shows it. */
export interface CompiledStages {
  readonly program: Program;
  readonly checked: CheckedProgram;
  readonly lowered: LoweredProgram;
}

/** Never throws for what the user wrote. The same source, target and options always give the same spec. */
export function compile(source: Source, target: Target, options: CompileOptions): CompileResult {
  const { program, diagnostics: early } = loadProgram(source, options.files);
  if (program === undefined) return { ok: false, diagnostics: early };
  const { checked, diagnostics: found } = analyse(program, source, target, options);
  const diagnostics = [...early, ...found];
  if (checked === undefined) return { ok: false, diagnostics };
  const fitted = fitKernel(checked);
  if (!fitted.ok) return { ok: false, diagnostics: [...diagnostics, ...fitted.diagnostics] };
  const { spec, lowered } = fitted;
  const stages = { program, checked, lowered };
  return { ok: true, spec, stages, diagnostics };
}
