/** What would leave files where the program runs, which a fleet does not allow. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { fileOnFleet } from '../diagnostics/messages/calls.ts';
import type { Program } from '../syntax/ast.ts';
import { walk } from '../syntax/visit.ts';

const WRITERS: ReadonlySet<string> = new Set(['skboutput']);
/** An iterator that is left in the file system for others to read. */
const PINNED_ITERATOR = /^it(?:er)?:[^:]*:./;

export function refuseFiles(program: Program, diagnostics: Diagnostics): void {
  for (const item of program.items) {
    if (item.kind !== 'probe') continue;
    for (const { span, text } of item.attachPoints) {
      if (PINNED_ITERATOR.test(text)) diagnostics.add(fileOnFleet(span, 'a pinned iterator'));
    }
  }
  walk(program, {
    enter: (node) => {
      if (node.kind !== 'call' || !WRITERS.has(node.callee)) return;
      diagnostics.add(fileOnFleet(node.span, `${node.callee}()`));
    },
  });
}
