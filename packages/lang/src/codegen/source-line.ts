/** The line of the user's program that instructions come from, as the verifier shall print it. */
import type { SourceLine } from '@bpfleet/bpf/asm';
import type { Span } from '../source.ts';

/** Of a line; the text goes to the kernel for each place in it. */
const MAX_TEXT = 1000;

export function sourceLine(span: Span): SourceLine {
  const { line, column } = span.source.position(span.start);
  return { file: span.source.name, line, column, text: span.source.line(line).slice(0, MAX_TEXT) };
}
