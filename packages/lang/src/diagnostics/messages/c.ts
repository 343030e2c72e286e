/** Faults of C definitions and of the preprocessor; the words are those of clang, which bpftrace shows. */
import type { Span } from '../../source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { error } from './message.ts';

/** Anything that is not C, or that has no place where it stands. */
export function cSyntax(span: Span, message: string): Diagnostic {
  return error('c-syntax', span, message);
}

export function includeNotFound(span: Span, name: string): Diagnostic {
  return error('include-not-found', span, `fatal error: '${name}' file not found`, [
    `Declare what the program uses of it, such as 'struct name { … };', or give its directory with -I.`,
  ]);
}

/** `#error` */
export function userError(span: Span, message: string): Diagnostic {
  return error('c-error-directive', span, message);
}

export function redefined(span: Span, name: string, first: Span): Diagnostic {
  return {
    ...error('c-redefinition', span, `redefinition of '${name}'`),
    labels: [{ span: first, message: 'previous definition is here' }],
  };
}

export function tooManyTokens(span: Span, name: string, limit: number): Diagnostic {
  return error('c-macro-too-large', span, `macro '${name}' expands to more than ${limit} tokens`);
}

export function unknownCType(span: Span, name: string, hints: readonly string[]): Diagnostic {
  return error('unknown-c-type', span, `unknown type name '${name}'`, hints);
}

export function incompleteField(span: Span, type: string): Diagnostic {
  return error('incomplete-field', span, `field has incomplete type '${type}'`);
}

/** Lengths, widths and alignments that no compiler takes. */
export function badLayout(span: Span, message: string): Diagnostic {
  return error('bad-c-layout', span, message);
}

export function macroRecursion(span: Span, path: readonly string[]): Diagnostic {
  return error('macro-recursion', span, `Macro recursion: ${path.join('->')}`);
}

export function macroNoExpression(span: Span, text: string): Diagnostic {
  return error('macro-no-expression', span, `unable to expand macro as an expression: ${text}`);
}

export function macroArgumentCount(
  span: Span,
  name: string,
  expected: number,
  given: number,
): Diagnostic {
  const message = `macro '${name}' takes ${expected} ${expected === 1 ? 'argument' : 'arguments'} (${given} provided)`;
  return error('macro-argument-count', span, message);
}

export function macroTooLong(span: Span, name: string, limit: number): Diagnostic {
  return error('c-macro-too-large', span, `macro '${name}' expands to more than ${limit} nodes`);
}
