/** Pieces of a program one below the other, with the comments and empty lines that were between them. */
import type { Span } from '../source.ts';
import { readLayout } from './layout.ts';

export interface Piece {
  readonly span: Span;
  /** Its lines; all but the first are indented. */
  readonly text: string;
}

/**
 * Lines, each with its line break. Empty lines are kept between what stands there, and dropped at the end.
 *
 * @param around what the pieces are in
 */
export function sequence(pieces: readonly Piece[], around: Span, indent: number): string {
  const { text } = around.source;
  const margin = ' '.repeat(indent);
  const lines: string[] = [];
  let end = around.start;
  const addLayout = (until: number): void => {
    for (const part of readLayout(text.slice(end, until))) {
      if (part.kind === 'empty-lines') {
        if (indent > 0 || lines.length > 0)
          lines.push(...Array.from({ length: part.count }, () => ''));
      } else if (part.trailing && lines.length > 0) {
        lines.push(`${lines.pop() ?? ''} ${part.text}`);
      } else {
        lines.push(`${margin}${part.text}`);
      }
    }
  };
  for (const piece of pieces) {
    addLayout(piece.span.start);
    lines.push(`${margin}${piece.text}`);
    ({ end } = piece.span);
  }
  addLayout(around.end);
  while (lines.at(-1) === '') lines.pop();
  return lines.map((line) => `${line}\n`).join('');
}
