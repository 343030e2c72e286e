/**
 * Diagnostics written as pictures: the source, `~~~` under the span that must be reported, and the message after it.
 *
 * ```
 * kprobe:f { $0 }
 *            ~~ param $0 is out of integer range
 * ```
 * Lines of only blanks, `~` and a message belong to the line above them; `^` marks an empty span, at the end of the
 * input for instance. What follows the mark must be the whole message. A line that begins with `!` is a message without a
 * place, or with one in another text: `! name:line:column message`. A line break in a message is written as ` ⏎ `.
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

/** Of a message without a place in the picture. */
const elsewhere = { line: 0, start: 0, end: 0 };

const marked = /^(?<indent> *)(?<mark>~+|\^)(?: (?<message>.*))?$/;

/** Checks that `check` reports, in order, just what the picture shows. */
export function assertSquiggles(
  picture: string,
  check: (source: Source) => readonly Diagnostic[],
): void {
  const lines: string[] = [];
  const marks: Mark[] = [];
  for (const line of picture.replace(/^\n/, '').split('\n')) {
    if (line.startsWith('! ')) {
      marks.push({ ...elsewhere, message: line.slice(2) });
      continue;
    }
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
  const found = check(source).map((diagnostic) => markOf(diagnostic, source));
  assert.deepEqual(found, marks);
}

function markOf({ span, message: text }: Diagnostic, picture: Source): Mark {
  const message = text.replaceAll('\n', ' ⏎ ');
  if (span === undefined) return { ...elsewhere, message };
  const { line, column } = span.source.position(span.start);
  if (span.source !== picture) {
    return { ...elsewhere, message: `${span.source.name}:${line}:${column} ${message}` };
  }
  return { line, start: column - 1, end: column - 1 + span.end - span.start, message };
}
