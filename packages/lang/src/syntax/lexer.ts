/**
 * The lexer: pure functions from a text and an offset to the token that begins there.
 * It keeps no state, so the parser can look ahead, go back, and read attach points and C text on its own terms.
 */
import { isBlank, isDigit, isIdentifierPart, isIdentifierStart } from './characters.ts';
import { punctuation, type Token, type TokenKind } from './token.ts';

/** The offset after blanks and comments; an unclosed block comment runs to the end of the text. */
export function skipLayout(text: string, offset: number): number {
  let at = offset;
  for (;;) {
    while (isBlank(text.charAt(at))) at++;
    if (text.startsWith('//', at)) {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      at = end === -1 ? text.length : end + 2;
    } else {
      return at;
    }
  }
}

/** The token after the layout at `offset`. */
export function readToken(text: string, offset: number): Token {
  const start = skipLayout(text, offset);
  const token = (kind: TokenKind, end: number): Token => ({
    kind,
    text: text.slice(start, end),
    start,
    end,
  });
  if (start >= text.length) return token('end', start);
  const first = text.charAt(start);
  if (isIdentifierStart(first)) return token('identifier', wordEnd(text, start));
  // Digits with everything glued to them; `decodeInteger` says what is wrong with them.
  if (isDigit(first)) return token('integer', wordEnd(text, start));
  if (first === '"') return token('string', stringEnd(text, start));
  if (first === '@') return token('map', sigilEnd(text, start));
  if (first === '$') {
    const next = text.charAt(start + 1);
    if (next === '#') return token('positional-count', start + 2);
    if (isDigit(next)) return token('positional', digitsEnd(text, start + 1));
    if (isIdentifierStart(next)) return token('variable', wordEnd(text, start + 1));
    return token('unknown', start + 1);
  }
  for (const sign of punctuation) {
    if (text.startsWith(sign, start)) return token('punctuation', start + sign.length);
  }
  return token('unknown', start + 1);
}

/**
 * The range an error at `offset` points at: the word, number or name after the layout, or one character.
 * It is narrower than a token on purpose: users know bpftrace's positions.
 */
export function faultRange(text: string, offset: number): { start: number; end: number } {
  const start = skipLayout(text, offset);
  const first = text.charAt(start);
  let end = Math.min(start + 1, text.length);
  if (isDigit(first)) {
    while (/[0-9A-Za-z.]/.test(text.charAt(end))) end++;
  } else if (isIdentifierStart(first) || first === '@' || first === '$') {
    end = wordEnd(text, end);
  }
  return { start, end };
}

function wordEnd(text: string, start: number): number {
  let at = start;
  while (isIdentifierPart(text.charAt(at))) at++;
  return at;
}

/** A name after `@` must follow directly and start as names do; else the sigil stands alone. */
function sigilEnd(text: string, start: number): number {
  return isIdentifierStart(text.charAt(start + 1)) ? wordEnd(text, start + 1) : start + 1;
}

function digitsEnd(text: string, start: number): number {
  let at = start;
  while (isDigit(text.charAt(at))) at++;
  return at;
}

/** Past the closing quote, or at the line break or end that leaves the string open. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') return at + 1;
    if (character === '\n') return at;
    at += character === '\\' ? 2 : 1;
  }
  return text.length;
}
