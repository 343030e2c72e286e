/** Tokens, layout, and the ranges that errors point at. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { faultRange, readToken, skipLayout } from '../../src/syntax/lexer.ts';

function tokens(text: string): string[] {
  const found: string[] = [];
  let token = readToken(text, 0);
  while (token.kind !== 'end') {
    found.push(`${token.kind} ${token.text}`);
    token = readToken(text, token.end);
  }
  return found;
}

suite('tokens', () => {
  const cases: readonly (readonly [name: string, text: string, ...tokens: string[]])[] = [
    [
      'words and sigils',
      'pid $x @y @ _z',
      'identifier pid',
      'variable $x',
      'map @y',
      'map @',
      'identifier _z',
    ],
    [
      'positional parameters',
      '$1 $23 $#',
      'positional $1',
      'positional $23',
      'positional-count $#',
    ],
    ['a positional parameter ends at a letter', '$1a', 'positional $1', 'identifier a'],
    ['a lone dollar sign', '$ x', 'unknown $', 'identifier x'],
    ['a map sigil before a digit stands alone', '@1', 'map @', 'integer 1'],
    [
      'numbers keep what is glued to them',
      '0x1F 1e6 5ms 1_000 9zz',
      'integer 0x1F',
      'integer 1e6',
      'integer 5ms',
      'integer 1_000',
      'integer 9zz',
    ],
    ['a range is no fraction', '0..5', 'integer 0', 'punctuation ..', 'integer 5'],
    [
      'tuple access is no fraction',
      '$a.0.1',
      'variable $a',
      'punctuation .',
      'integer 0',
      'punctuation .',
      'integer 1',
    ],
    [
      'the longest sign wins',
      '<<=>>==<->',
      'punctuation <<=',
      'punctuation >>=',
      'punctuation =',
      'punctuation <',
      'punctuation ->',
    ],
    [
      'increments before sums',
      '$a+++$b',
      'variable $a',
      'punctuation ++',
      'punctuation +',
      'variable $b',
    ],
    ['stars are single', '**$p', 'punctuation *', 'punctuation *', 'variable $p'],
    [
      'strings keep quotes and escapes',
      String.raw`"a\"b" c`,
      String.raw`string "a\"b"`,
      'identifier c',
    ],
    ['an open string ends with the line', '"a\nb', 'string "a', 'identifier b'],
    ['comments separate', 'a/*x*/b//y\nc', 'identifier a', 'identifier b', 'identifier c'],
    ['what begins no token', '#`', 'unknown #', 'unknown `'],
  ];
  for (const [name, text, ...expected] of cases) {
    test(name, () => assert.deepEqual(tokens(text), expected));
  }
});

suite('layout', () => {
  const cases: readonly (readonly [name: string, text: string, end: number])[] = [
    ['blanks and line breaks', ' \t\r\n x', 5],
    ['a line comment at the end', '// x', 4],
    ['an unclosed block comment', '/* x', 4],
    ['a block comment does not nest', '/* /* */ x', 9],
    ['a division', ' / x', 1],
  ];
  for (const [name, text, end] of cases) {
    test(`${name} ends at ${end}`, () => assert.equal(skipLayout(text, 0), end));
  }
});

suite('fault ranges', () => {
  const cases: readonly (readonly [text: string, range: string])[] = [
    ['  word+1', 'word'],
    ['@map[1]', '@map'],
    ['$x', '$x'],
    ['12.5ab_c', '12.5ab'],
    ['==', '='],
    ['', ''],
    ['// only a comment', ''],
  ];
  for (const [text, expected] of cases) {
    test(`of ${JSON.stringify(text)} is ${JSON.stringify(expected)}`, () => {
      const { start, end } = faultRange(text, 0);
      assert.equal(text.slice(start, end), expected);
    });
  }
});
