/** Attach points are read as raw characters: paths, wildcards, offsets and quotes have no place among the tokens. */
import { isSpace } from './characters.ts';

/**
 * Where the raw text of an attach point ends: before a blank, `{` or `,` outside quotes. A `/` ends it too, as the start
 * of a predicate, unless a `:` came before: then it belongs to a path.
 */
export function attachPointEnd(text: string, start: number): number {
  let at = start;
  let sawColon = false;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '{' || character === ',' || isSpace(character)) return at;
    if (character === '/' && at > start && !sawColon) {
      const next = text.charAt(at + 1);
      if (next !== '/' && next !== '*') return at;
    }
    if (character === '"') {
      at = quotedEnd(text, at);
      continue;
    }
    if (character === ':') sawColon = true;
    at++;
  }
  return at;
}

function quotedEnd(text: string, quote: number): number {
  let at = quote + 1;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') return at + 1;
    at += character === '\\' ? 2 : 1;
  }
  return text.length;
}
