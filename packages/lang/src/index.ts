export * from './syntax/ast.ts';
export { Diagnostics, type Diagnostic, type Severity } from './diagnostics/diagnostic.ts';
export { children, rewrite, walk, type Visitor } from './syntax/visit.ts';
export {
  diagnosticJson,
  type DiagnosticJson,
  type DiagnosticPosition,
} from './diagnostics/render-json.ts';
export { dumpTree } from './syntax/dump.ts';
export { join, Source, span, type Span } from './source.ts';
export { parse, parseExpression, type ParseResult } from './syntax/parse.ts';
export { printProgram } from './syntax/print.ts';
export { renderDiagnostics, renderPosition } from './diagnostics/render.ts';
export { stringBytes } from './syntax/decode-string.ts';
export { suggest } from './diagnostics/suggest.ts';
