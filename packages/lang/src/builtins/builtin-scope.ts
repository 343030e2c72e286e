/** What the type of a builtin may depend on. */
import type { Config } from '../analysis/config.ts';
import type { ProbeDraft } from '../probes/probe-kind.ts';
import type { Target } from '../target.ts';
import type { CTypes } from '../types/c-types.ts';

export interface BuiltinScope {
  readonly probe: ProbeDraft;
  readonly config: Config;
  readonly target: Target;
  /** The C types that the probe's body knows. */
  readonly types: CTypes;
}
