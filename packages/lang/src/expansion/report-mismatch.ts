/** Why a call fits no definition of its macro, by the closest one. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { macroArgumentMismatch, noMatchingMacro } from '../diagnostics/messages/macros.ts';
import type { Span } from '../source.ts';
import type { Macro } from '../syntax/ast.ts';
import { fits, isWholeMap, type MacroArgument } from './macro-registry.ts';

export function reportMismatch(
  span: Span,
  macro: Macro,
  given: readonly MacroArgument[],
  diagnostics: Diagnostics,
): void {
  const { name, parameters } = macro;
  if (parameters.length !== given.length) {
    const counts = { expected: parameters.length, given: given.length };
    diagnostics.add(noMatchingMacro(span, name, macro.span, counts));
    return;
  }
  diagnostics.add(noMatchingMacro(span, name, macro.span, undefined));
  for (const [index, parameter] of parameters.entries()) {
    const argument = given[index];
    if (parameter.kind === 'identifier' || argument === undefined || fits(parameter, argument)) {
      continue;
    }
    const expected = {
      name: parameter.kind === 'map' ? parameter.name : `$${parameter.name}`,
      span: parameter.span,
      kind: parameter.kind,
    };
    diagnostics.add(macroArgumentMismatch(argument.span, name, expected, describe(argument)));
  }
}

function describe(argument: MacroArgument): 'map' | 'variable' | 'expression' {
  if (argument.kind === 'variable') return 'variable';
  return isWholeMap(argument) ? 'map' : 'expression';
}
