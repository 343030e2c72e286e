/** Functions that write files where the program runs, which a fleet does not allow. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { fileOnFleet } from '../diagnostics/messages/calls.ts';
import type { Program } from '../syntax/ast.ts';
import { walk } from '../syntax/visit.ts';

const WRITERS: ReadonlySet<string> = new Set(['skboutput']);

export function refuseFiles(program: Program, diagnostics: Diagnostics): void {
  walk(program, {
    enter: (node) => {
      if (node.kind !== 'call' || !WRITERS.has(node.callee)) return;
      diagnostics.add(fileOnFleet(node.span, node.callee));
    },
  });
}
