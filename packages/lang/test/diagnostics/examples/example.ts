/** Programs that provoke a diagnostic, as pictures of squiggle.ts. */
import type { CompileOptions } from '../../../src/compile-options.ts';
import type { Target } from '../../../src/target.ts';

export type Example =
  string | ({ readonly picture: string; readonly target?: Target } & Partial<CompileOptions>);

/** By code, one or more for each. */
export type Examples = Readonly<Record<string, readonly Example[]>>;
