/** The compiler: one source text and one target in, one session spec or its diagnostics out. */
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import type { SessionSpec } from './session-spec.ts';

export interface CompileOptions {
  /** `$1`, `$2` … */
  readonly parameters: readonly string[];
  /** `BPFTRACE_…` variables that override the script's config. */
  readonly environment: Readonly<Record<string, string>>;
  /** Allow `system`, `signal` and the like. */
  readonly unsafe: boolean;
}

export type CompileResult =
  | { readonly ok: true; readonly spec: SessionSpec; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };
