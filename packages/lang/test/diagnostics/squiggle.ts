/**
 * Diagnostics written as pictures: the source, `~~~` under the span that must be reported, and the message after it.
 *
 * ```
 * kprobe:f { $0 }
 *            ~~ param $0 is out of integer range
 * ```
 * Lines of only blanks, `~` and a message belong to the line above them; `^` marks an empty span, at the end of the
 * input for instance. What follows the mark must be the whole message.
 */
import assert from 'node:assert/strict';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { Source } from '../../src/source.ts';

interface Mark {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

const marked = /^(?<indent> *)(?<mark>~+|\^)(?: (?<message>.*))?$/;

/** Checks that `check` reports, in order, just what the picture shows. */
export function assertSquiggles(
  picture: string,
  check: (source: Source) => readonly Diagnostic[],
): void {
  const lines: string[] = [];
  const marks: Mark[] = [];
  for (const line of picture.replace(/^\n/, '').split('\n')) {
    const groups = marked.exec(line)?.groups;
    if (groups === undefined) {
      lines.push(line);
      continue;
    }
    const { indent = '', mark = '', message = '' } = groups;
    const start = indent.length;
    marks.push({
      line: lines.length,
      start,
      end: mark === '^' ? start : start + mark.length,
      message,
    });
  }
  const source = new Source('stdin', lines.join('\n').trimEnd());
  const found = check(source).map((diagnostic): Mark => {
    assert.ok(diagnostic.span, 'a diagnostic without a place');
    const { line, column } = source.position(diagnostic.span.start);
    const end = column - 1 + diagnostic.span.end - diagnostic.span.start;
    return { line, start: column - 1, end, message: diagnostic.message };
  });
  assert.deepEqual(found, marks);
}
