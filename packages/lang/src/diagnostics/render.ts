/** Diagnostics as text, in bpftrace's form, which editors and scripts already know how to read. */
import { escapeControls, escapeLine } from '@bpfleet/protocol';
import type { Span } from '../source.ts';
import { excerpt } from './excerpt.ts';
import type { Diagnostic, Severity } from './diagnostic.ts';

const colors = { error: '\u001b[31m', warning: '\u001b[33m' } as const;
const reset = '\u001b[0m';

/**
 * All errors, then all warnings. Each is `name:L:C1-C2: ERROR: message`, the source line, and `~~~` under the span; its
 * labels follow in the same form, then its hints as `HINT: …`, then where the text was expanded from. A span over several lines is `name:L1-L2: …` and shows
 * them all. Ends in a line break unless there is nothing to say.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  options: { readonly color?: boolean } = {},
): string {
  const color = options.color ?? false;
  return (['error', 'warning'] as const)
    .flatMap((severity) => diagnostics.filter((item) => item.severity === severity))
    .map((item) => renderDiagnostic(item, color))
    .join('');
}

function renderDiagnostic(diagnostic: Diagnostic, color: boolean): string {
  const { severity, span, message, labels = [], hints = [] } = diagnostic;
  const places = [{ span, message }, ...labels];
  return [
    ...(diagnostic.foreword === undefined ? [] : [escapeLine(diagnostic.foreword)]),
    // Where hints are all there is, as for `--help` of a program.
    ...(message === '' ? [] : places).flatMap((place) => [
      headline(severity, place, color),
      ...(place.span === undefined ? [] : excerpt(place.span)),
    ]),
    ...hints.map((hint) => `HINT: ${escapeLine(hint)}`),
    ...origins(span).flatMap((origin) => [
      headline(severity, { span: origin, message: 'expanded from' }, color),
      ...excerpt(origin),
    ]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** The calls and imports by which a span came to be part of the program, innermost first. */
export function origins(span: Span | undefined): readonly Span[] {
  const found: Span[] = [];
  for (let at = span?.expandedFrom; at !== undefined; at = at.expandedFrom) found.push(at);
  return found;
}

function headline(
  severity: Severity,
  place: { readonly span: Span | undefined; readonly message: string },
  color: boolean,
): string {
  const position = place.span === undefined ? '' : `${renderPosition(place.span)}: `;
  const line = `${position}${severity.toUpperCase()}: ${escapeLine(place.message)}`;
  return color ? `${colors[severity]}${line}${reset}` : line;
}

/** `name:L:C1-C2`, or `name:L1-L2` over several lines. Columns count bytes from 1; the second is exclusive. */
export function renderPosition(span: Span): string {
  const start = span.source.position(span.start);
  const end = span.source.position(span.end);
  const name = escapeControls(span.source.name);
  return start.line === end.line
    ? `${name}:${start.line}:${start.column}-${end.column}`
    : `${name}:${start.line}-${end.line}`;
}
