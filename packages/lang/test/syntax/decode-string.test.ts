/** String literals, their escapes and their bytes. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { encodeText } from '@bpfleet/protocol';
import { decodeString, stringPrefix } from '../../src/syntax/decode-string.ts';
import { printString } from '../../src/syntax/print-string.ts';

suite('string literals', () => {
  const cases: readonly (readonly [literal: string, bytes: readonly number[]])[] = [
    [String.raw`""`, []],
    [String.raw`"ab"`, [0x61, 0x62]],
    [String.raw`"\n\t\r\"\\"`, [10, 9, 13, 34, 92]],
    [String.raw`"\0"`, [0]],
    [String.raw`"\1234"`, [0o123, 0x34]],
    [String.raw`"\x41\xfF\X7"`, [0x41, 0xff, 7]],
    [String.raw`"\x123"`, [0x12, 0x33]],
    ['"é"', [0xc3, 0xa9]],
    [String.raw`"\xe9"`, [0xe9]],
    [String.raw`"\xc3\xa9"`, [0xc3, 0xa9]],
    ['"🐝"', [0xf0, 0x9f, 0x90, 0x9d]],
  ];
  for (const [literal, bytes] of cases) {
    test(`${literal} is ${bytes.length} bytes`, () => {
      const decoded = decodeString(literal);
      assert.ok('value' in decoded);
      assert.deepEqual([...encodeText(decoded.value)], bytes);
    });
  }

  test('a prefix is counted in bytes, and may cut a character', () => {
    assert.equal(stringPrefix('añb', 1), 'a');
    assert.equal(stringPrefix('añb', 3), 'añ');
    assert.deepEqual([...encodeText(stringPrefix('añb', 2))], [0x61, 0xc3]);
    assert.equal(stringPrefix('añb', 9), 'añb');
  });

  test('any bytes written as escapes come back, and survive printing', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const literal = `"${[...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}"`;
        const decoded = decodeString(literal);
        assert.ok('value' in decoded);
        assert.deepEqual(encodeText(decoded.value), bytes);
        assert.deepEqual(decodeString(printString(decoded.value)), decoded);
      }),
    );
  });
});

suite('faulty string literals', () => {
  const cases: readonly (readonly [literal: string, fault: string])[] = [
    ['"abc', 'unterminated'],
    [String.raw`"abc\"`, 'unterminated'],
    [String.raw`"abc\ `.trimEnd(), 'unterminated'],
    [String.raw`"\777"`, String.raw`octal escape sequence out of range '\777'`],
    [String.raw`"\xg"`, 'invalid hex escape sequence'],
    [String.raw`"\q"`, String.raw`invalid escape character '\q'`],
  ];
  for (const [literal, fault] of cases) {
    test(`${literal}: ${fault}`, () => {
      const decoded = decodeString(literal);
      assert.ok('fault' in decoded);
      assert.equal(decoded.fault === 'escape' ? decoded.message : decoded.fault, fault);
    });
  }
});
