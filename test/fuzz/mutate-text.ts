/** Text cut into words, lines and signs, of which some go, come again, move, or are of another text. */
import type { Random } from './random.ts';
import { textOf } from './target.ts';

const TOKENS = /[ \t]+|\r?\n|[$@]?[A-Za-z_]\w*|\d+|"(?:[^"\\\n]|\\.)*"|[^\s\w]/gu;

/** What no format is glad of. */
const NASTY: readonly string[] = [
  ...['', '\0', '\n', '\r\n', ' ', '\t', '\u001b[31m', '\u202e', '\ufeff', '\ud800', '\u{1f600}'],
  ...['-1', '0', '1', '255', '4294967296', '9223372036854775808', '18446744073709551616', '1e308'],
  ...[
    '0x',
    '0xffffffffffffffff',
    '-',
    '+',
    '%',
    '%s',
    '%n',
    '/',
    '..',
    '../',
    '//',
    '\\',
    '"',
    "'",
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '<',
    '>',
    '&',
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    ':',
    ';',
  ],
  ...[',', '.', '*', '?', '=', '!', '#', '$', '@', '`', '|', '^', '~'],
];

const encoder = new TextEncoder();

export function mutateText(
  random: Random,
  bytes: Uint8Array,
  other: Uint8Array,
  words: readonly string[],
): Uint8Array {
  const tokens = tokensOf(bytes);
  for (let left = 1 + random.small(8); left > 0; left--) edit(random, tokens, other, words);
  return encoder.encode(tokens.join(''));
}

function tokensOf(bytes: Uint8Array): string[] {
  return textOf(bytes).match(TOKENS) ?? [];
}

function edit(random: Random, tokens: string[], other: Uint8Array, words: readonly string[]): void {
  const at = random.below(tokens.length + 1);
  switch (random.below(9)) {
    case 0:
      tokens.splice(at, 1 + random.small(8));
      return;
    case 1:
      tokens.splice(at, random.below(2), random.pick(NASTY));
      return;
    case 2:
    case 3:
      if (words.length > 0) tokens.splice(at, random.below(2), random.pick(words));
      return;
    case 4:
      tokens.splice(at, 0, ...tokens.slice(at, at + 1 + random.small(20)));
      return;
    case 5: {
      const from = random.below(tokens.length);
      tokens.splice(at, 0, ...tokens.slice(from, from + 1 + random.small(20)));
      return;
    }
    case 6: {
      const others = tokensOf(other);
      const from = random.below(others.length);
      tokens.splice(at, random.below(4), ...others.slice(from, from + 1 + random.small(30)));
      return;
    }
    case 7: {
      const part = tokens.slice(at, at + 1 + random.small(3)).join('');
      tokens.splice(at, 0, part.repeat(random.small(200)).slice(0, 4000));
      return;
    }
    default: {
      const token = tokens[at] ?? '';
      const place = random.below(token.length + 1);
      const added = String.fromCharCode(random.below(random.below(2) === 0 ? 0x80 : 0x1_0000));
      tokens[at] = token.slice(0, place) + added + token.slice(place + random.below(2));
    }
  }
}
