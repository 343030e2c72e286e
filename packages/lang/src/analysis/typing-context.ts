/** What all bodies of a program share while their types are inferred. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Target } from '../target.ts';
import type { Type } from '../types/type.ts';
import type { Config } from './config.ts';
import type { MapTypes } from './map-types.ts';
import type { TypesOf } from './program-types.ts';

export interface TypingContext {
  readonly config: Config;
  readonly target: Target;
  /** The C types that a probe's body knows. */
  readonly typesOf: TypesOf;
  /** `--unsafe` */
  readonly unsafe: boolean;
  readonly maps: MapTypes;
  readonly types: Map<Expression, Type>;
  /** Silent until nothing changes any more: what is unknown in the first round may be known in the next. */
  report: (diagnostic: Diagnostic) => void;
}
