/** `#pragma pack`: how far members of structs are aligned at most, and the stack of such limits. */
import type { CToken } from './c-token.ts';

/** The limit in force after the pragma, as text, empty for none. `tokens` are those behind `pack`. */
export function applyPack(
  tokens: readonly CToken[],
  current: string,
  stack: (string | undefined)[],
): string {
  const words = tokens.map(({ text }) => text).filter((text) => !'(),'.includes(text));
  const size = words.find((word) => /^(?:1|2|4|8|16)$/.test(word));
  if (words[0] === 'push') {
    stack.push(current);
    return size ?? current;
  }
  if (words[0] === 'pop') return stack.pop() ?? '';
  return size ?? '';
}
