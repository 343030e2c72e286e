/** Columns of text, as wide as they need to be. */
import { escapeControls } from '@bpfleet/protocol';

const GAP = '  ';

function isNumber(cell: string): boolean {
  return /^[-+×]?\d+(\.\d+)?%?$/.test(cell);
}

/** Columns of nothing but numbers are aligned right. Ends with a newline. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows].map((row) => row.map(escapeControls));
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
