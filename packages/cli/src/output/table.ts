/** Columns of text, as wide as they need to be. */

const GAP = '  ';

function isNumber(cell: string): boolean {
  return /^[-+×]?\d+(\.\d+)?%?$/.test(cell);
}

/** Control characters would otherwise act on the terminal. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(2, '0');
    return character === '\n' ? '\\n' : character === '\t' ? '\\t' : `\\x${code}`;
  });
}

/** Columns of nothing but numbers are aligned right. Ends with a newline. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows.map((row) => row.map(printable))];
  const columns = header.map((_, index) => lines.map((line) => line[index] ?? ''));
  const padded = columns.map((cells) => {
    const width = Math.max(...cells.map((cell) => cell.length));
    const right = cells.length > 1 && cells.slice(1).every((cell) => isNumber(cell));
    return cells.map((cell) => (right ? cell.padStart(width) : cell.padEnd(width)));
  });
  return lines
    .map(
      (_, line) =>
        padded
          .map((cells) => cells[line] ?? '')
          .join(GAP)
          .trimEnd() + '\n',
    )
    .join('');
}
