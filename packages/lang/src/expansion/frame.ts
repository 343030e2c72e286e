/** What the names in a macro's body stand for in one expansion of it. */
import type { Call, Expression, Macro, TypeName } from '../syntax/ast.ts';
import { isWholeMap, type MacroArgument, type MacroDefinition } from './macro-registry.ts';

export interface Frame {
  readonly definition: MacroDefinition;
  /** The names of the variables and maps that were passed, by those of the parameters. */
  readonly variables: ReadonlyMap<string, string>;
  readonly maps: ReadonlyMap<string, string>;
  /** What stands for each name without a sign. */
  readonly expressions: ReadonlyMap<string, MacroArgument>;
  /** Variables of the body itself, met so far. */
  readonly own: Set<string>;
  /** Before the name of a variable of the body: no other variable begins so. */
  readonly prefix: string;
  readonly caller: Frame | undefined;
}

/** `expansion` counts those of the same macro; the first has the plainest names. */
export function openFrame(
  definition: MacroDefinition,
  given: readonly MacroArgument[],
  call: Call['span'],
  expansion: number,
  caller: Frame | undefined,
): Frame {
  const { name, parameters } = definition.macro;
  const variables = new Map<string, string>();
  const maps = new Map<string, string>();
  const expressions = new Map<string, MacroArgument>();
  for (const [index, parameter] of parameters.entries()) {
    const argument = given[index];
    if (argument === undefined) continue;
    if (parameter.kind === 'variable') {
      if (argument.kind === 'variable') variables.set(parameter.name, argument.name);
    } else if (parameter.kind === 'map') {
      if (argument.kind === 'map') maps.set(parameter.name, argument.name);
    } else {
      expressions.set(parameter.name, byValue(argument, call));
    }
  }
  const prefix = expansion === 1 ? `$${name}_` : `$${name}_${expansion}_`;
  return { definition, variables, maps, expressions, own: new Set(), prefix, caller };
}

/** A variable or map in a block of its own can be read and not written. */
function byValue(argument: MacroArgument, call: Call['span']): Expression | TypeName {
  if (argument.kind !== 'variable' && !isWholeMap(argument)) return argument;
  const value = argument as Expression;
  const block = { kind: 'block', span: call, statements: [], value } as const;
  return { kind: 'block-expression', span: call, block };
}

/** The macros being expanded, outermost first. */
export function openMacros(frame: Frame | undefined): readonly Macro[] {
  const open: Macro[] = [];
  for (let at = frame; at !== undefined; at = at.caller) open.push(at.definition.macro);
  return open.reverse();
}
