/** Tokens: what the lexer makes of a program outside attach points and C definitions. */

export type TokenKind =
  | 'identifier'
  | 'integer'
  | 'string'
  | 'variable'
  | 'positional'
  | 'positional-count'
  | 'map'
  | 'punctuation'
  /** A character that begins no token. */
  | 'unknown'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** The characters as written; keywords are identifiers, and the end of the input has none. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Longest first, so that the first match is the right one. */
export const punctuation: readonly string[] = [
  '<<=',
  '>>=',
  '||',
  '&&',
  '==',
  '!=',
  '<=',
  '>=',
  '<<',
  '>>',
  '++',
  '--',
  '->',
  '..',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '|=',
  '^=',
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  ',',
  ';',
  ':',
  '?',
  '.',
  '=',
  '<',
  '>',
  '+',
  '-',
  '*',
  '/',
  '%',
  '&',
  '|',
  '^',
  '!',
  '~',
];
