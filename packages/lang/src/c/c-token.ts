/** Tokens of C, as the preprocessor and the declaration parser see them. */
import type { Span } from '../source.ts';

export type CTokenKind =
  | 'identifier'
  | 'number'
  | 'character'
  | 'string'
  | 'punctuation'
  /** `#pragma pack` in force from here on: `text` is the number, or empty for the natural layout. */
  | 'pack';

export interface CToken {
  readonly kind: CTokenKind;
  readonly text: string;
  /** In the file as written; what a macro makes has the place where the macro is used. */
  readonly span: Span;
  /** First of its line, so that a `#` begins a directive. */
  readonly startsLine: boolean;
  /** Blanks or a comment stand before it. */
  readonly spaced: boolean;
  /** Macros that made this token and may not expand it again. */
  readonly hidden?: ReadonlySet<string>;
}
