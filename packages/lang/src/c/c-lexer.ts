/** Text to C tokens. Comments and a backslash at the end of a line are blanks; what is no C is punctuation of one character. */
import { span } from '../source.ts';
import type { Source } from '../source.ts';
import type { CToken, CTokenKind } from './c-token.ts';

const PATTERNS: readonly (readonly [CTokenKind, RegExp])[] = [
  ['identifier', /[A-Za-z_$][\w$]*/y],
  ['number', /\.?\d(?:[eEpP][+-]|[\w.])*/y],
  ['string', /(?:u8|[LuU])?"(?:[^"\\\n]|\\[^])*"/y],
  ['character', /[LuU]?'(?:[^'\\\n]|\\[^])*'/y],
  ['punctuation', /\.\.\.|<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||##|[-+*/%&|^=]=|[^]/y],
];
const BLANK = /(?:[ \t\r\f\v]|\\\r?\n|\/\/(?:[^\\\n]|\\[^])*|\/\*[^]*?(?:\*\/|$))+/y;

/** The tokens between two offsets. */
export function tokenizeC(source: Source, start: number, end: number): readonly CToken[] {
  const text = source.text.slice(0, end);
  const tokens: CToken[] = [];
  let at = start;
  let startsLine = true;
  let spaced = false;
  while (at < end) {
    const blank = matchAt(BLANK, text, at);
    if (blank > 0) {
      at += blank;
      spaced = true;
    } else if (text.charAt(at) === '\n') {
      at++;
      startsLine = true;
      spaced = false;
    } else {
      const { kind, length } = readAt(text, at);
      const token = text.slice(at, at + length);
      tokens.push({ kind, text: token, span: span(source, at, at + length), startsLine, spaced });
      at += length;
      startsLine = false;
      spaced = false;
    }
  }
  return tokens;
}

function readAt(text: string, at: number): { readonly kind: CTokenKind; readonly length: number } {
  for (const [kind, pattern] of PATTERNS) {
    // Prefixes of strings look like identifiers.
    if (kind === 'identifier' && /^(?:u8|[LuU])["']/.test(text.slice(at, at + 3))) continue;
    const length = matchAt(pattern, text, at);
    if (length > 0) return { kind, length };
  }
  return { kind: 'punctuation', length: 1 };
}

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** The text of tokens, spaced where the source was, or where two would become one. */
export function spellTokens(tokens: readonly CToken[]): string {
  let text = '';
  for (const token of tokens) {
    const glued = /[\w$]$/.test(text) && /^[\w$]/.test(token.text);
    text += (text !== '' && token.spaced) || glued ? ` ${token.text}` : token.text;
  }
  return text;
}
