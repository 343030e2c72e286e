/** What all bodies of a program share while their types are inferred. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Expression, TypeName } from '../syntax/ast.ts';
import type { Target } from '../target.ts';
import type { Type } from '../types/type.ts';
import type { Config } from './config.ts';
import type { Signature } from './signature.ts';
import type { MapTypes } from './map-types.ts';
import type { TypesOf } from './program-types.ts';
import type { TypeLocks } from './type-locks.ts';

export interface TypingContext {
  readonly config: Config;
  readonly target: Target;
  /** The C types that a probe's body knows. */
  readonly typesOf: TypesOf;
  /** `--unsafe` */
  readonly unsafe: boolean;
  readonly maps: MapTypes;
  readonly types: Map<Expression, Type>;
  /** Of the arguments of `sizeof`, `typeof` and `typeinfo`. */
  readonly introspected: Map<Expression | TypeName, Type>;
  /** Of the program's own functions, by name. */
  readonly signatures: Map<string, Signature>;
  readonly locks: TypeLocks;
  /** Silent until nothing changes any more: what is unknown in the first round may be known in the next. */
  report: (diagnostic: Diagnostic) => void;
}
