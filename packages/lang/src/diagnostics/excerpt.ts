/**
 * The lines of a program that a diagnostic shows, with a mark under the fault. What a program holds beside letters is made
 * visible, so that it cannot act on the terminal, and what is too long is cut around the fault.
 */
import { escapeControls } from '@bpfleet/protocol';
import type { Span } from '../source.ts';

/** A line up to this many UTF-16 units is shown whole. */
const MAX_LINE = 1000;
/** Of a longer one, so much before the mark and after it. */
const AROUND = 100;
/** A fault over up to this many lines is shown whole. */
const MAX_LINES = 40;
/** Of a longer one, so many lines at its head and at its end. */
const ENDS = 10;

const TAB = '    ';
const CUT = '...';

/** Nothing under the preceding character's column, or nothing at all. */
const NARROWEST = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
/** What terminals draw over two columns. */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]$/u;

/** The line and the mark below it; of a span over several lines, these. */
export function excerpt(span: Span): readonly string[] {
  const { source } = span;
  const first = source.lineOf(span.start);
  const last = source.lineOf(span.end);
  const shown = (line: number): string => shortened(withoutReturn(source.line(line)));
  if (first !== last) {
    return linesBetween(first, last).map((line) => (line === undefined ? CUT : shown(line)));
  }
  const line = withoutReturn(source.line(first));
  const lineStart = source.lineStarts[first - 1] ?? 0;
  return marked(line, span.start - lineStart, Math.min(span.end - lineStart, line.length));
}

/** Undefined stands for those left out. */
function linesBetween(first: number, last: number): readonly (number | undefined)[] {
  const run = (from: number, count: number): readonly number[] =>
    Array.from({ length: count }, (_, index) => from + index);
  const count = last - first + 1;
  if (count <= MAX_LINES) return run(first, count);
  return [...run(first, ENDS), undefined, ...run(last - ENDS + 1, ENDS)];
}

function marked(line: string, start: number, end: number): readonly string[] {
  const whole = line.length <= MAX_LINE;
  const from = whole ? 0 : Math.max(0, start - AROUND);
  const markEnd = whole ? end : Math.min(end, start + MAX_LINE - 2 * AROUND);
  const to = whole ? line.length : Math.min(line.length, markEnd + AROUND);
  const [head, tail] = [from > 0 ? CUT : '', to < line.length ? CUT : ''];
  const before = line.slice(from, start);
  const fault = line.slice(start, markEnd);
  return [
    `${head}${visible(line.slice(from, to))}${tail}`,
    ' '.repeat(head.length + columns(before)) + '~'.repeat(columns(fault)),
  ];
}

function shortened(line: string): string {
  // As bpftrace does, which widens tabs only where they stand above a mark.
  if (line.length <= MAX_LINE) return escapeExceptTabs(line);
  return escapeExceptTabs(line.slice(0, MAX_LINE)) + CUT;
}

function visible(text: string): string {
  return escapeExceptTabs(text).replaceAll('\t', TAB);
}

function escapeExceptTabs(text: string): string {
  return text.split('\t').map(escapeControls).join('\t');
}

function columns(text: string): number {
  const drawn = visible(text);
  // oxlint-disable-next-line no-control-regex
  if (/^[\u0000-\u007f]*$/.test(drawn)) return drawn.length;
  let count = 0;
  for (const character of drawn)
    count += WIDE.test(character) ? 2 : NARROWEST.test(character) ? 0 : 1;
  return count;
}

/** Of a file with the line breaks of another system. */
function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
