/** Trees in one line, for tables: `(binary + (integer 1) (integer 2))`. */
import { dumpTree } from '../../src/syntax/dump.ts';
import type { AnyNode } from '../../src/syntax/ast.ts';

export function shape(node: AnyNode): string {
  let text = '';
  let open = 0;
  for (const line of dumpTree(node).trimEnd().split('\n')) {
    const words = line.trimStart();
    const depth = (line.length - words.length) / 2;
    text += ')'.repeat(Math.max(0, open - depth));
    text += `${text === '' ? '' : ' '}(${words}`;
    open = depth + 1;
  }
  return text + ')'.repeat(open);
}
