/** All macros by name, and which of several definitions a call means. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { macroRedefined, repeatedParameter } from '../diagnostics/messages/macros.ts';
import type { Expression, Macro, TypeName } from '../syntax/ast.ts';

export type MacroArgument = Expression | TypeName;

export interface MacroDefinition {
  readonly macro: Macro;
  /** Of the standard library: it sees no macros but those. */
  readonly standard: boolean;
}

export type MacroLookup =
  | { readonly kind: 'found'; readonly definition: MacroDefinition }
  /** Nothing has this name. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'mismatch'; readonly closest: Macro };

/** More than parameters of another kind, however many there are. */
const MISSING_ARGUMENT = 1024;

export class MacroRegistry {
  readonly #byName = new Map<string, MacroDefinition[]>();

  /** Reports definitions that no call could mean, and leaves them out. */
  constructor(user: readonly Macro[], standard: readonly Macro[], diagnostics: Diagnostics) {
    for (const macro of user) this.#add({ macro, standard: false }, diagnostics);
    for (const macro of standard) this.#add({ macro, standard: true }, diagnostics);
  }

  /** The user's definitions come before those of the standard library, the first match before later ones. */
  lookUp(name: string, given: readonly MacroArgument[], standard?: boolean): MacroLookup {
    const candidates = (this.#byName.get(name) ?? []).filter(
      (definition) => standard === undefined || definition.standard === standard,
    );
    const [first, ...rest] = candidates.map((definition) => ({
      definition,
      distance: distance(definition.macro, given),
    }));
    if (first === undefined) return { kind: 'unknown' };
    const best = rest.reduce((near, one) => (one.distance < near.distance ? one : near), first);
    if (best.distance === 0) return { kind: 'found', definition: best.definition };
    return { kind: 'mismatch', closest: best.definition.macro };
  }

  #add(definition: MacroDefinition, diagnostics: Diagnostics): void {
    const { macro, standard } = definition;
    const same = this.lookUp(macro.name, macro.parameters, standard);
    if (same.kind === 'found') {
      diagnostics.add(macroRedefined(macro.span, macro.name, same.definition.macro.span));
      return;
    }
    if (!hasDistinctParameters(macro, diagnostics)) return;
    const known = this.#byName.get(macro.name);
    if (known === undefined) this.#byName.set(macro.name, [definition]);
    else known.push(definition);
  }
}

/** Parameters that an argument does not fit, missing and surplus ones first of all. */
function distance({ parameters }: Macro, given: readonly MacroArgument[]): number {
  const missing = Math.abs(parameters.length - given.length) * MISSING_ARGUMENT;
  const misfits = parameters.filter((parameter, index) => {
    const argument = given[index];
    return argument !== undefined && !fits(parameter, argument);
  });
  return missing + misfits.length;
}

/** Variables and maps are passed by name, so nothing else can stand for them. */
export function fits(parameter: Macro['parameters'][number], given: MacroArgument): boolean {
  switch (parameter.kind) {
    case 'map':
      return isWholeMap(given);
    case 'variable':
      return given.kind === 'variable';
    case 'identifier':
      return true;
  }
}

export function isWholeMap(given: MacroArgument): boolean {
  return given.kind === 'map' && given.key === undefined;
}

function hasDistinctParameters(macro: Macro, diagnostics: Diagnostics): boolean {
  const seen = new Set<string>();
  for (const parameter of macro.parameters) {
    const { what, name } = describe(parameter);
    if (seen.has(name)) {
      diagnostics.add(repeatedParameter(parameter.span, what, name));
      return false;
    }
    seen.add(name);
  }
  return true;
}

function describe(parameter: Macro['parameters'][number]): {
  readonly what: 'Variable' | 'Map' | 'Ident';
  readonly name: string;
} {
  switch (parameter.kind) {
    case 'variable':
      return { what: 'Variable', name: `$${parameter.name}` };
    case 'map':
      return { what: 'Map', name: parameter.name };
    case 'identifier':
      return { what: 'Ident', name: parameter.name };
  }
}
