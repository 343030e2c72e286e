/** What bpftrace has and bpfleet does not have yet, said by name and position. */
import { isUnsupportedCall } from '../builtins/calls.ts';
import { UNSUPPORTED_VARIABLES } from '../builtins/variables.ts';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { notSupportedYet } from '../diagnostics/messages/names.ts';
import type { AnyNode, Program } from '../syntax/ast.ts';
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

function unsupported(node: AnyNode): string | undefined {
  switch (node.kind) {
    case 'call':
      return isUnsupportedCall(node.callee) ? `function '${node.callee}'` : undefined;
    case 'identifier':
      return UNSUPPORTED_VARIABLES.has(node.name) ? `builtin '${node.name}'` : undefined;
    default:
      return undefined;
  }
}
