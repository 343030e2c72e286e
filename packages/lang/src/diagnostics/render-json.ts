/** Diagnostics as plain data for `--json` and for the wire: spans become positions, and sources their names. */
import type { Span } from '../source.ts';
import type { Diagnostic, Severity } from './diagnostic.ts';
import { origins } from './render.ts';

/** Lines and columns count from 1; the end is exclusive. */
export interface DiagnosticPosition {
  readonly source: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface DiagnosticJson {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly position?: DiagnosticPosition;
  readonly labels?: readonly { readonly message: string; readonly position: DiagnosticPosition }[];
  readonly hints?: readonly string[];
  /** The calls of macros and the imports by which the text got there, innermost first. */
  readonly expandedFrom?: readonly DiagnosticPosition[];
}

export function diagnosticJson(diagnostic: Diagnostic): DiagnosticJson {
  const { code, severity, message, span, labels, hints } = diagnostic;
  return {
    code,
    severity,
    message,
    ...(span !== undefined && { position: positionJson(span) }),
    ...(labels !== undefined && {
      labels: labels.map((label) => ({
        message: label.message,
        position: positionJson(label.span),
      })),
    }),
    ...(hints !== undefined && { hints }),
    ...(span?.expandedFrom !== undefined && { expandedFrom: origins(span).map(positionJson) }),
  };
}

function positionJson({ source, start, end }: Span): DiagnosticPosition {
  const first = source.position(start);
  const last = source.position(end);
  return {
    source: source.name,
    line: first.line,
    column: first.column,
    endLine: last.line,
    endColumn: last.column,
  };
}
