/** The type of a bare word: a builtin variable, or nothing that is known. */
import type { BuiltinScope } from '../builtins/builtin-scope.ts';
import { callNames } from '../builtins/calls.ts';
import { findVariable, needsProbe, variableNames } from '../builtins/variables.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { builtinUnavailable } from '../diagnostics/messages/calls.ts';
import { outsideProbe } from '../diagnostics/messages/functions.ts';
import { unknownIdentifier } from '../diagnostics/messages/names.ts';
import { suggest } from '../diagnostics/suggest.ts';
import { isRefusal } from '../probes/probe-kind.ts';
import type { Identifier } from '../syntax/ast.ts';
import type { Type } from '../types/type.ts';
import { isOutsideProbe } from './outside-probe.ts';

/** Undefined where it has none, which was reported. */
export function identifierType(
  { name, span }: Identifier,
  scope: BuiltinScope,
  report: (diagnostic: Diagnostic) => void,
): Type | undefined {
  if (isOutsideProbe(scope.probe) && needsProbe(name)) {
    report(outsideProbe(span, name.replace(/^__builtin_/, '')));
    return undefined;
  }
  const builtin = findVariable(name);
  if (builtin === undefined) {
    const near = suggest(name, [...variableNames(), ...callNames()]);
    report(unknownIdentifier(span, name, near));
    return undefined;
  }
  const type = builtin.type(scope);
  if (!isRefusal(type)) return type;
  report(builtinUnavailable(span, type.refusal));
  return undefined;
}
