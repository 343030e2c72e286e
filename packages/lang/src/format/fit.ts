/** Lays out one expression within the width of a page: what is too long goes on below where it began. */
import type { Expression } from '../syntax/ast.ts';
import type { ExpressionText } from './expression-text.ts';

/** What bpftrace's formatter keeps to. */
export const PAGE_WIDTH = 91;
/** More parts have too many ways to break. */
const MAX_BALANCED = 12;

/**
 * The text from `column` on; its later lines are indented to stand below where they belong.
 *
 * @param after how many columns what follows on the last line takes
 */
export function fit(node: Expression, text: ExpressionText, column: number, after: number): string {
  const flat = text.bare(node);
  if (flat.includes('\n') || column + flat.length + after <= PAGE_WIDTH) return flat;
  switch (node.kind) {
    case 'call': {
      const open = `${node.callee}(`;
      return `${open}${fill(text.arguments(node), ', ', column + open.length, after + 1)})`;
    }
    case 'binary':
      return node.operator === '&&' || node.operator === '||'
        ? fill(text.operands(node), ` ${node.operator} `, column, after)
        : flat;
    case 'ternary': {
      const indent = ' '.repeat(column);
      if (node.then === undefined) return flat;
      return [
        text.nested(node.condition),
        `${indent}? ${text.nested(node.then)}`,
        `${indent}: ${text.nested(node.otherwise)}`,
      ].join('\n');
    }
    default:
      return flat;
  }
}

/** Breaks between as few of the last parts as will do: a format string stands alone before what it prints. */
function fill(parts: readonly string[], separator: string, column: number, after: number): string {
  const pieces = parts.map((part, index) =>
    index === parts.length - 1 ? part : `${part}${separator}`,
  );
  const indent = `\n${' '.repeat(column)}`;
  const lines =
    balanced(pieces, PAGE_WIDTH - column - after) ?? packed(pieces, PAGE_WIDTH - column);
  return lines.map((line) => line.trimEnd()).join(indent);
}

/** Of all ways to break that fit, the first: each bit is a place to break, the lowest that after the first part. */
function balanced(pieces: readonly string[], width: number): readonly string[] | undefined {
  if (pieces.length > MAX_BALANCED) return undefined;
  for (let breaks = 0; breaks < 1 << (pieces.length - 1); breaks++) {
    const lines: string[] = [];
    for (const [index, piece] of pieces.entries()) {
      const isNew = index === 0 || ((breaks >> (index - 1)) & 1) === 1;
      if (isNew) lines.push(piece);
      else lines.push(`${lines.pop() ?? ''}${piece}`);
    }
    if (lines.every((line) => line.length <= width)) return lines;
  }
  return undefined;
}

/** As many parts on each line as it holds. */
function packed(pieces: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + piece.trimEnd().length <= width) {
      lines[lines.length - 1] = `${last}${piece}`;
    } else {
      lines.push(piece);
    }
  }
  return lines;
}
