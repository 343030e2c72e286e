/** Types of all expressions, variables and maps: rounds over all probes until nothing widens any more. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { Expression, TypeName } from '../syntax/ast.ts';
import type { Target } from '../target.ts';
import type { Type } from '../types/type.ts';
import type { BoundProbe } from './bind-probes.ts';
import { BodyTyper } from './body-typer.ts';
import type { Config } from './config.ts';
import type { Signature } from './signature.ts';
import { MapTypes } from './map-types.ts';
import type { TypesOf } from './program-types.ts';
import type { TypeLocks } from './type-locks.ts';
import type { TypingContext } from './typing-context.ts';

export interface TypedProgram {
  readonly types: ReadonlyMap<Expression, Type>;
  /** Of the arguments of `sizeof`, `typeof` and `typeinfo`. */
  readonly introspected: ReadonlyMap<Expression | TypeName, Type>;
  readonly maps: MapTypes;
  /** Of the program's own functions, by name. */
  readonly signatures: ReadonlyMap<string, Signature>;
  readonly probes: readonly {
    readonly bound: BoundProbe;
    readonly variables: ReadonlyMap<string, Type>;
  }[];
}

export interface TypeSettings {
  readonly config: Config;
  readonly target: Target;
  readonly typesOf: TypesOf;
  readonly unsafe: boolean;
}

/** After so many a type has a long way up, from where a map is assigned to where it is read. */
const FORWARD_ROUNDS = 6;

/** `settle`: variables without a value are zero. */
export function inferTypes(
  probes: readonly BoundProbe[],
  settings: TypeSettings,
  diagnostics: Diagnostics,
  { locks, settle }: { readonly locks: TypeLocks; readonly settle: boolean },
): TypedProgram {
  const maps = new MapTypes();
  const types = new Map<Expression, Type>();
  const introspected = new Map<Expression | TypeName, Type>();
  const signatures = new Map<string, Signature>();
  const context: TypingContext = {
    ...settings,
    maps,
    types,
    introspected,
    signatures,
    locks,
    report: () => undefined,
  };
  const typers = probes.map((probe, index) => new BodyTyper(probe, context, index));
  const changes = (): number => typers.reduce((sum, typer) => sum + typer.changes, maps.changes);
  const reversed = typers.toReversed();
  const converge = (): void => {
    let before: number;
    let round = 0;
    do {
      before = changes();
      const backward = ++round > FORWARD_ROUNDS && round % 2 === 0;
      for (const typer of backward ? reversed : typers) typer.run(backward);
    } while (changes() !== before);
  };
  converge();
  if (settle) {
    for (const typer of typers) typer.settle();
    converge();
  }
  context.report = (diagnostic): void => diagnostics.add(diagnostic);
  for (const typer of typers) typer.run();
  return {
    types,
    introspected,
    maps,
    signatures,
    probes: typers.map((typer) => ({ bound: typer.probe, variables: typer.variables })),
  };
}
