/** Types of all expressions, variables and maps: rounds over all probes until nothing widens any more. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Target } from '../target.ts';
import type { Type } from '../types/type.ts';
import type { BoundProbe } from './bind-probes.ts';
import { BodyTyper } from './body-typer.ts';
import type { Config } from './config.ts';
import { MapTypes } from './map-types.ts';
import type { TypesOf } from './program-types.ts';
import type { TypingContext } from './typing-context.ts';

export interface TypedProgram {
  readonly types: ReadonlyMap<Expression, Type>;
  readonly maps: MapTypes;
  readonly probes: readonly {
    readonly bound: BoundProbe;
    readonly variables: ReadonlyMap<string, Type>;
  }[];
}

export function inferTypes(
  probes: readonly BoundProbe[],
  settings: {
    readonly config: Config;
    readonly target: Target;
    readonly typesOf: TypesOf;
    readonly unsafe: boolean;
  },
  diagnostics: Diagnostics,
): TypedProgram {
  const maps = new MapTypes();
  const types = new Map<Expression, Type>();
  const context: TypingContext = { ...settings, maps, types, report: () => undefined };
  const typers = probes.map((probe) => new BodyTyper(probe, context));
  const changes = (): number => typers.reduce((sum, typer) => sum + typer.changes, maps.changes);
  const converge = (): void => {
    let before: number;
    do {
      before = changes();
      for (const typer of typers) typer.run();
    } while (changes() !== before);
  };
  converge();
  for (const typer of typers) typer.settle();
  converge();
  context.report = (diagnostic): void => diagnostics.add(diagnostic);
  for (const typer of typers) typer.run();
  return {
    types,
    maps,
    probes: typers.map((typer) => ({ bound: typer.probe, variables: typer.variables })),
  };
}
