/** Builtins and functions by name alone, where types cannot be known. */
import { argumentRule } from '../builtins/call-kind.ts';
import { callNames, CONSTANT_CALLS, findCall, isUnsupportedCall } from '../builtins/calls.ts';
import { findAggregation } from '../builtins/aggregations.ts';
import {
  CONSTANT_VARIABLES,
  findVariable,
  UNSUPPORTED_VARIABLES,
  variableNames,
} from '../builtins/variables.ts';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { wrongArgumentCount } from '../diagnostics/messages/calls.ts';
import { unknownFunction, unknownIdentifier } from '../diagnostics/messages/names.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { AnyNode, Call, Program } from '../syntax/ast.ts';
import { walk } from '../syntax/visit.ts';

/** `defined` tells what the program's own C defines: constants, and macros with parameters or without. */
export function checkNames(
  program: Program,
  defined: (name: string) => boolean,
  diagnostics: Diagnostics,
): void {
  const words = new Set<AnyNode>();
  const own = new Set<string>();
  for (const item of program.items) if (item.kind === 'subprogram') own.add(item.name);
  walk(program, {
    enter: (node) => {
      if (node.kind === 'call') {
        if (!defined(node.callee) && !own.has(node.callee)) checkCall(node, diagnostics);
        for (const word of wordArguments(node)) words.add(word);
      } else if (node.kind === 'identifier' && !words.has(node)) {
        if (isKnown(node.name) || isConstantName(node.name) || defined(node.name)) return;
        const near = suggest(node.name, [...variableNames(), ...callNames()]);
        diagnostics.add(unknownIdentifier(node.span, node.name, near));
      }
    },
  });
}

/** Enumerators and macros of the kernel are not known without a machine; nearly all are in capitals. */
function isConstantName(name: string): boolean {
  return /[A-Z]/.test(name);
}

function isKnown(name: string): boolean {
  return (
    findVariable(name) !== undefined ||
    UNSUPPORTED_VARIABLES.has(name) ||
    CONSTANT_VARIABLES.some((constant) => constant === name)
  );
}

function checkCall(
  { callee, calleeSpan, span, arguments: given }: Call,
  diagnostics: Diagnostics,
): void {
  if (isUnsupportedCall(callee) || CONSTANT_CALLS.has(callee)) return;
  const kind = findCall(callee) ?? findAggregation(callee);
  if (kind === undefined) {
    diagnostics.add(unknownFunction(calleeSpan, callee, suggest(callee, callNames())));
  } else if (given.length < kind.arity[0] || given.length > kind.arity[1]) {
    diagnostics.add(wrongArgumentCount(span, callee, kind.arity, given.length));
  }
}

/** Arguments such as `perf` in `kstack(perf)`, which are no builtins. */
function wordArguments(node: Call): readonly AnyNode[] {
  const kind = findCall(node.callee);
  if (kind === undefined) return [];
  return node.arguments.filter((_, index) => argumentRule(kind, index).startsWith('word'));
}
