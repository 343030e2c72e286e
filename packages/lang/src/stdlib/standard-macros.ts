/** The macros of the standard library, parsed once. */
import { Source } from '../source.ts';
import type { Macro } from '../syntax/ast.ts';
import { parse } from '../syntax/parse.ts';
import { BASE } from './base.ts';
import { FLEET } from './fleet.ts';
import { META } from './meta.ts';
import { STRINGS } from './strings.ts';
import { POINTER } from './pointer.ts';
import { TASK } from './task.ts';

const SOURCES: readonly Source[] = [
  new Source('stdlib/base.bt', BASE),
  new Source('stdlib/meta.bt', META),
  new Source('stdlib/strings.bt', STRINGS),
  new Source('stdlib/pointer.bt', POINTER),
  new Source('stdlib/task.bt', TASK),
  new Source('stdlib/fleet.bt', FLEET),
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
