/** What bpftrace has and bpfleet does not have yet, said by name and position. */
import { isUnsupportedCall } from '../builtins/calls.ts';
import { UNSUPPORTED_VARIABLES } from '../builtins/variables.ts';
import { SUPPORTED_CONSTRUCTS } from '../codegen/supported.ts';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { notSupportedYet } from '../diagnostics/messages/names.ts';
import type { AnyNode, For, Program } from '../syntax/ast.ts';
import { walk } from '../syntax/visit.ts';

export function refuseUnsupported(program: Program, diagnostics: Diagnostics): void {
  walk(program, {
    enter: (node) => {
      const what = unsupported(node);
      if (what !== undefined) diagnostics.add(notSupportedYet(node.span, what));
      // One message is enough for all that is in it.
      return what === undefined;
    },
  });
}

function unsupportedLoop({ iterable }: For): string | undefined {
  const construct = iterable.kind === 'map' ? 'for-map' : 'for-range';
  if (SUPPORTED_CONSTRUCTS.has(construct)) return undefined;
  return `for loop over a ${iterable.kind}`;
}

function unsupported(node: AnyNode): string | undefined {
  switch (node.kind) {
    case 'subprogram':
      return `function '${node.name}'`;
    case 'unary':
      return node.operator === '&' ? 'address-of operator (&)' : undefined;
    case 'for':
      return unsupportedLoop(node);
    case 'record':
      return 'record';
    case 'call':
      return isUnsupportedCall(node.callee) ? `function '${node.callee}'` : undefined;
    case 'identifier':
      return UNSUPPORTED_VARIABLES.has(node.name) ? `builtin '${node.name}'` : undefined;
    default:
      return undefined;
  }
}
