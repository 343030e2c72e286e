/** The macros of the standard library, parsed once. */
import { Source } from '../source.ts';
import type { Macro } from '../syntax/ast.ts';
import { parse } from '../syntax/parse.ts';
import { BASE } from './base.ts';
import { META } from './meta.ts';

const SOURCES: readonly Source[] = [
  new Source('stdlib/base.bt', BASE),
  new Source('stdlib/meta.bt', META),
];

let parsed: readonly Macro[] | undefined;

export function standardMacros(): readonly Macro[] {
  parsed ??= SOURCES.flatMap(
    (source) => parse(source).program?.items.filter((item) => item.kind === 'macro') ?? [],
  );
  return parsed;
}

/** Whether a text is part of the standard library, which may do what is unstable elsewhere. */
export function isStandard(source: Source): boolean {
  return SOURCES.includes(source);
}
