export * from './syntax/ast.ts';
export { Diagnostics, type Diagnostic, type Severity } from './diagnostics/diagnostic.ts';
export { join, Source, span, type Span } from './source.ts';
export { parse, parseExpression, type ParseResult } from './syntax/parse.ts';
export { stringBytes } from './syntax/decode-string.ts';
