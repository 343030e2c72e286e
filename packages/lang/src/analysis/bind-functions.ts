/** The program's own functions as bodies to analyse: they come before those of probes, and belong to none. */
import { callNames } from '../builtins/calls.ts';
import { variableNames } from '../builtins/variables.ts';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { functionNameTaken, recursiveFunction } from '../diagnostics/messages/functions.ts';
import type { Program, Subprogram } from '../syntax/ast.ts';
import { rewrite } from '../syntax/visit.ts';
import { VOID } from '../types/scalars.ts';
import type { BoundProbe } from './bind-probes.ts';
import { calleesFirst } from './call-order.ts';
import type { CheckedFunction } from './checked-program.ts';
import type { TypedProgram } from './infer-types.ts';
import { NO_PROBE } from './outside-probe.ts';

export function bindFunctions(program: Program, diagnostics: Diagnostics): readonly BoundProbe[] {
  const functions = new Map<string, Subprogram>();
  const builtins = new Set([...callNames(), ...variableNames()]);
  for (const item of program.items) {
    if (item.kind !== 'subprogram') continue;
    const { name, span } = item;
    const first = functions.get(name);
    if (builtins.has(name) || first !== undefined) {
      diagnostics.add(functionNameTaken(span, name, first?.span));
    } else functions.set(name, item);
  }
  // Each function has one place for what it is given, and the stack has an end.
  calleesFirst(functions, ({ calleeSpan }, names) => {
    diagnostics.add(recursiveFunction(calleeSpan, names));
  });
  return [...functions.values()].map((written) => ({
    draft: NO_PROBE,
    attachPoints: [],
    body: rewrite(written.body, (node) => ({ ...node })),
    function: written,
  }));
}

/** What is left of them once all is typed. */
export function checkedFunctions({
  probes,
  signatures,
}: TypedProgram): ReadonlyMap<string, CheckedFunction> {
  const checked = new Map<string, CheckedFunction>();
  for (const { bound, variables } of probes) {
    const name = bound.function?.name;
    const signature = name === undefined ? undefined : signatures.get(name);
    if (name === undefined || signature === undefined) continue;
    const parameters = signature.parameters.flatMap(({ name: parameter, type }) =>
      type === undefined ? [] : [{ name: parameter, type }],
    );
    const returns = signature.returns ?? VOID;
    checked.set(name, { name, parameters, returns, body: bound.body, variables });
  }
  return checked;
}
