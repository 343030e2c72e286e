/** `__attribute__((…))`, `_Alignas(…)` and what the kernel and libraries call them. */
import type { CAttributes } from './c-type.ts';
import { NO_ATTRIBUTES } from './c-type.ts';
import { TokenCursor } from './token-cursor.ts';

const NAMES: ReadonlySet<string> = new Set([
  '__attribute__',
  '__attribute',
  '_Alignas',
  'alignas',
  '__declspec',
]);
/** Take a parenthesis, and change no layout. */
const IGNORED: ReadonlySet<string> = new Set(['__asm__', '__asm', 'asm']);

/** All attributes that stand here, in any number; `before` are those found earlier. */
export function readAttributes(
  cursor: TokenCursor,
  before: CAttributes = NO_ATTRIBUTES,
): CAttributes {
  let attributes = before;
  for (;;) {
    const word = cursor.current?.text ?? '';
    if (IGNORED.has(word)) {
      cursor.advance();
      while (cursor.accept('volatile') || cursor.accept('__volatile__'));
      cursor.enclosed('(', ')');
    } else if (cursor.at('[') && cursor.following?.text === '[') {
      cursor.enclosed('[', ']');
    } else if (NAMES.has(word)) {
      cursor.advance();
      attributes = readOne(cursor, word, attributes);
    } else {
      return attributes;
    }
  }
}

function readOne(cursor: TokenCursor, word: string, before: CAttributes): CAttributes {
  const { span } = cursor;
  const inner = cursor.enclosed('(', ')');
  if (/alignas/i.test(word)) return { ...before, aligned: [...before.aligned, inner] };
  const list = new TokenCursor(inner, span);
  if (!list.at('(')) return before;
  const names = new TokenCursor(list.enclosed('(', ')'), span);
  let attributes = before;
  while (names.current !== undefined) {
    const name = names.advance().text.replace(/^__(.*)__$/, '$1');
    const given = names.at('(') ? names.enclosed('(', ')') : [];
    if (name === 'packed') attributes = { ...attributes, packed: true };
    if (name === 'aligned') attributes = { ...attributes, aligned: [...attributes.aligned, given] };
  }
  return attributes;
}
