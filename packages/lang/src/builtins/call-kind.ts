/** What the compiler knows of a function: a record in the registry. */
import type { Call, Expression, TypeName } from '../syntax/ast.ts';
import type { Type } from '../types/type.ts';
import type { BuiltinScope } from './builtin-scope.ts';

/** A call whose arguments have types; `undefined` for those of an argument not known yet. */
export interface TypedCall extends BuiltinScope {
  readonly node: Call;
  readonly arguments: readonly (Expression | TypeName)[];
  readonly typeOf: (index: number) => Type | undefined;
  /** The value of an argument that is an integer literal. */
  readonly integer: (index: number) => bigint | undefined;
  /** The value of an argument that is a string literal. */
  readonly text: (index: number) => string | undefined;
  /** The name of an argument that is a bare word, such as the mode in `kstack(perf)`. */
  readonly word: (index: number) => string | undefined;
}

/**
 * What an argument must be. `map` takes a whole map by name, `map-element` one element `@m[k]` or a scalar map, `word` a
 * bare word that is no variable; none of them is evaluated. `element-value` is a variable that receives the value of the
 * element that is the first argument.
 */
export type ArgumentRule =
  | 'any'
  | 'map-or-value'
  | 'word-or-integer'
  | 'integer'
  | 'integer-literal'
  | 'string'
  | 'string-literal'
  | 'map'
  | 'map-element'
  | 'keyed-map-or-value'
  | 'element-value'
  | 'word';

export interface CallKind {
  readonly name: string;
  /** Fewest and most arguments. */
  readonly arity: readonly [number, number];
  /** By position; the last one holds for all that follow. Any, if absent. */
  readonly arguments?: readonly ArgumentRule[];
  /** Changes the system or its processes: needs `--unsafe`. It is a builtin of bpftrace, or of its library. */
  readonly unsafe?: 'builtin' | 'library';
  /** The first argument is a format for the others; `check` checks just that. */
  readonly formats?: true;
  readonly type: (call: TypedCall) => Type;
  /** What is wrong with the call, beyond numbers and kinds of arguments. */
  readonly check?: (call: TypedCall) => readonly string[];
  /** Whether results mean something on one host only: always, or where an argument does; never, if absent. */
  readonly hostLocal?: 'always' | 'arguments';
}

/** The rule for the argument at a position. */
export function argumentRule(kind: CallKind, index: number): ArgumentRule {
  const rules = kind.arguments ?? [];
  return rules[index] ?? rules[rules.length - 1] ?? 'any';
}
