/**
 * String literals: their escapes, and parts of their bytes.
 *
 * A string of the language is a sequence of bytes, and a program text is Unicode. Characters stand for their UTF-8 bytes;
 * a byte from 0x80 up that is written as an escape is kept as the lone surrogate U+DC00 + byte, as `decodeText`
 * keeps such bytes, so that `é` and `\xe9` stay different. `encodeText` turns both back into bytes.
 */
import { decodeText, encodeText } from '@bpfleet/protocol';
import { isHexDigit } from './characters.ts';

export type DecodedString =
  | { readonly value: string }
  | { readonly fault: 'unterminated'; readonly at: number }
  | {
      readonly fault: 'escape';
      readonly message: string;
      readonly at: number;
      readonly end?: number;
    };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['"', '"'],
  ['\\', '\\'],
]);

/** string := '"' (character | escape)* '"'; `text` begins with the quote, positions count from there. */
export function decodeString(text: string): DecodedString {
  let value = '';
  let at = 1;
  while (at < text.length) {
    const plain = plainEnd(text, at);
    value += text.slice(at, plain);
    at = plain;
    if (at === text.length) break;
    if (text.charAt(at) === '"') return { value };
    const escape = text.charAt(at + 1);
    if (escape === '') return { fault: 'unterminated', at: at + 1 };
    const simple = simpleEscapes.get(escape);
    if (simple !== undefined) {
      value += simple;
      at += 2;
    } else if (/[0-7]/.test(escape)) {
      const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1))?.[0] ?? '';
      const byte = Number.parseInt(octal, 8);
      const end = at + 1 + octal.length;
      if (byte > 0xff) {
        const message = `octal escape sequence out of range '\\${octal}'`;
        return { fault: 'escape', message, at, end };
      }
      value += byteCharacter(byte);
      at = end;
    } else if (escape === 'x' || escape === 'X') {
      let end = at + 2;
      while (end < at + 4 && isHexDigit(text.charAt(end))) end++;
      if (end === at + 2) {
        return { fault: 'escape', message: 'invalid hex escape sequence', at: end };
      }
      value += byteCharacter(Number.parseInt(text.slice(at + 2, end), 16));
      at = end;
    } else {
      return { fault: 'escape', message: `invalid escape character '\\${escape}'`, at: at + 1 };
    }
  }
  return { fault: 'unterminated', at: text.length };
}

/** Where the next quote or backslash is, or the text ends. */
function plainEnd(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE || unit === BACKSLASH) break;
  }
  return at;
}

function byteCharacter(byte: number): string {
  return String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte);
}

/** What follows the first `offsetBytes` bytes; a character may be cut in two. */
export function stringAfter(value: string, offsetBytes: number): string {
  return decodeText(encodeText(value).subarray(offsetBytes));
}

/** The first `sizeBytes` bytes of a string literal's value; a character may be cut in two. */
export function stringPrefix(value: string, sizeBytes: number): string {
  return decodeText(encodeText(value).subarray(0, sizeBytes));
}
