/** Text of others on a terminal: nothing of it acts there, and all else stands as it is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeText, escapeControls, escapeJson, escapeLine } from '@bpfleet/protocol';
import fc from 'fast-check';
import { generatedRuns } from '../../../../test/support/generated-runs.ts';

/** Everything that a terminal obeys, that turns text around or hides it. */
const ACTS = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff\u{e0000}-\u{e007f}]/u;

for (const [what, text, shown] of [
  ['a screen that is cleared', '\u001b[2J', '\\x1b[2J'],
  ['a title that is set', '\u001b]0;owned\u0007', '\\x1b]0;owned\\x07'],
  ['a link', '\u001b]8;;http://evil\u001b\\x', '\\x1b]8;;http://evil\\x1b\\x'],
  ['the same in one character', '\u009b2J\u009d0;x\u009c', '\\x9b2J\\x9d0;x\\x9c'],
  ['a line that is written over', 'good\rbad', 'good\\rbad'],
  ['a delete', 'a\u007f\b', 'a\\x7f\\x08'],
  ['text that runs backwards', 'a\u202egpj.exe', 'a\\u202egpj.exe'],
  ['isolates', '\u2066a\u2069\u061c', '\\u2066a\\u2069\\u061c'],
  ['lines of other alphabets', 'a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
  ['what is not seen', 'a\u200bb\ufeffc\u{e0041}', 'a\\u200bb\\ufeffc\\u{e0041}'],
  ['bytes that are no UTF-8', decodeText(Uint8Array.of(0x61, 0xff, 0x9b)), 'a\\xff\\x9b'],
  ['half a character', 'a\ud800b', 'a\\ud800b'],
  ['letters of all the world', 'Ünï — 日本 😀 👩‍💻', 'Ünï — 日本 😀 👩‍💻'],
] as const) {
  test(`${what} is shown as what it is`, () => {
    assert.equal(escapeControls(text), shown);
    assert.equal(escapeLine(text), shown);
  });
}

test('lines and tabs are a program\u2019s own layout, and not that of a value', () => {
  assert.equal(escapeLine('a\tb\nc'), 'a\tb\nc');
  assert.equal(escapeControls('a\tb\nc'), 'a\\tb\\nc');
});

test('whatever a text is made of, nothing of it acts, and what is escaped stays as it is', () => {
  const nasty = fc.constantFrom(
    '\u001b',
    '\u009b',
    '\u202e',
    '\udcff',
    '\ud83d',
    '\ude00',
    '\r',
    'x',
  );
  const text = fc.array(fc.oneof(nasty, fc.string({ unit: 'binary' }))).map((all) => all.join(''));
  fc.assert(
    fc.property(text, (given) => {
      assert.doesNotMatch(escapeControls(given), ACTS);
      assert.doesNotMatch(escapeLine(given).replace(/[\n\t]/g, ''), ACTS);
      assert.equal(escapeLine(escapeLine(given)), escapeLine(given));
      const json = escapeJson(JSON.stringify({ given }, undefined, 2));
      assert.deepEqual(JSON.parse(json), { given });
      assert.doesNotMatch(json.replaceAll('\n', ''), ACTS);
    }),
    { numRuns: generatedRuns(1000) },
  );
});
