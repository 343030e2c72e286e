/** Arithmetic on literals that has no result. */
import type { Span } from '../../source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { error, warning } from './message.ts';

export function foldOverflow(span: Span): Diagnostic {
  return error('literal-overflow', span, 'unable to fold literals due to overflow or underflow');
}

export function negativeUnderflow(span: Span): Diagnostic {
  return error('literal-overflow', span, 'negative value will underflow');
}

export function divisionByZero(span: Span): Diagnostic {
  return error('division-by-zero', span, 'division by zero');
}

export function illegalStringOperation(span: Span): Diagnostic {
  return error('bad-operands', span, 'illegal literal operation with strings');
}

export function emptyString(span: Span): Diagnostic {
  return warning('empty-string', span, 'literal string will always be empty');
}

/** `fail(…)`: the message is the program's own. */
export function failed(span: Span, message: string): Diagnostic {
  return error('failed', span, message);
}

export function failOfUnknown(span: Span): Diagnostic {
  return error('literal-expected', span, 'fail() arguments need to be literals');
}

export function badFailFormat(span: Span): Diagnostic {
  return error('literal-expected', span, 'first argument to fail() must be a string literal');
}

export function unresolvedComptime(span: Span): Diagnostic {
  return error('unresolved-comptime', span, 'Unable to resolve comptime expression');
}

export function missingParameter(span: Span, index: number): Diagnostic {
  return warning(
    'missing-parameter',
    span,
    `Positional parameter $${index} is empty or not provided.`,
  );
}

export function badUnrollCount(span: Span, why: string): Diagnostic {
  return error('bad-unroll-count', span, why);
}

export function stringTooLong(span: Span, limit: number, text: string): Diagnostic {
  return error('string-too-long', span, `String is too long (over ${limit} bytes): ${text}`);
}
