/**
 * Where clang would say that an included file is missing. bpftrace hands it all definitions of a script in a file of its
 * own, below one line of bpftrace's; people search for that message.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { CDefinition } from '../syntax/ast.ts';

const FIRST_LINE = 2;

export function withClangPosition(
  diagnostic: Diagnostic,
  definitions: readonly CDefinition[],
): Diagnostic {
  const { code, span, message } = diagnostic;
  if (code !== 'include-not-found' || span === undefined) return diagnostic;
  let line = FIRST_LINE;
  for (const { span: where, text } of definitions) {
    const within =
      where.source === span.source && where.start <= span.start && span.end <= where.end;
    if (within) {
      const before = where.source.text.slice(where.start, span.start).split('\n');
      const column = (before.at(-1)?.length ?? 0) + 1;
      const position = `definitions.h:${line + before.length - 1}:${column}`;
      return { ...diagnostic, foreword: `${position}: ${message}` };
    }
    line += text.split('\n').length;
  }
  return diagnostic;
}
