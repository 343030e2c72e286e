/** Jumps outside loops, statements that are never reached, and loops that bpftrace advises against. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { jumpOutsideLoop, unreachable, whileDeprecated } from '../diagnostics/messages/flow.ts';
import type { AnyNode, Program, Statement } from '../syntax/ast.ts';
import { children } from '../syntax/visit.ts';

export function checkFlow(program: Program, diagnostics: Diagnostics): void {
  check(program, 0, diagnostics);
}

function check(node: AnyNode, loops: number, diagnostics: Diagnostics): void {
  switch (node.kind) {
    case 'jump':
      if (node.jump !== 'return' && loops === 0) {
        diagnostics.add(jumpOutsideLoop(node.span, node.jump));
      }
      break;
    case 'while':
      diagnostics.add(whileDeprecated(node.span));
      break;
    case 'block': {
      const end = node.statements.findIndex(leaves);
      const after = end === -1 ? undefined : node.statements[end + 1];
      if (after !== undefined) diagnostics.add(unreachable(after.span));
      break;
    }
    default:
  }
  const inside = node.kind === 'while' || node.kind === 'for';
  for (const child of children(node)) check(child, inside ? loops + 1 : loops, diagnostics);
}

function leaves(statement: Statement): boolean {
  if (statement.kind === 'jump') return true;
  if (statement.kind !== 'expression-statement') return false;
  const { expression } = statement;
  return expression.kind === 'call' && expression.callee === 'exit';
}
