/** What stands between two pieces of a program and is no part of it: comments and empty lines. */

export type LayoutPart =
  | {
      readonly kind: 'comment';
      /** With its slashes. */
      readonly text: string;
      /** Something else, on the left of it, is on the same line. */
      readonly trailing: boolean;
    }
  | { readonly kind: 'empty-lines'; readonly count: number };

const PIECE = /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|\n|[^]/g;

/** Reads the text between two pieces; anything that is neither comment nor blank, such as `;`, is passed over. */
export function readLayout(text: string): readonly LayoutPart[] {
  const parts: LayoutPart[] = [];
  let lineBreaks = 0;
  let first = true;
  for (const [piece] of text.matchAll(PIECE)) {
    if (piece === '\n') {
      lineBreaks++;
    } else if (piece.startsWith('//') || piece.startsWith('/*')) {
      // The line break that ends a line is no empty line; before the first part, the line is that of the piece before.
      if (lineBreaks > 1) parts.push({ kind: 'empty-lines', count: lineBreaks - 1 });
      parts.push({ kind: 'comment', text: piece.trimEnd(), trailing: first && lineBreaks === 0 });
      lineBreaks = 0;
      first = false;
    }
  }
  if (lineBreaks > 1) parts.push({ kind: 'empty-lines', count: lineBreaks - 1 });
  return parts;
}

/** Whether there is a comment in a text that is no string of the program. */
export function hasComment(text: string): boolean {
  const outside = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
  return outside.includes('//') || outside.includes('/*');
}
