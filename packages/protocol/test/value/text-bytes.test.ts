import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import {
  compareTexts,
  decodeText,
  encodeText,
  showBytes,
  textBytes,
} from '../../src/value/text-bytes.ts';

const bytes = fc
  .oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc.array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc3, 0xe9, 0xed, 0xa0, 0xf0, 0x9f, 0xff)),
    fc.string({ unit: 'grapheme' }).map((text) => new TextEncoder().encode(text)),
  )
  .map((all) => Uint8Array.from(all));

suite('text', () => {
  test('gives back the bytes it was made of, whatever they were', () => {
    fc.assert(
      fc.property(bytes, (given) => {
        assert.deepEqual(encodeText(decodeText(given)), given);
        assert.equal(textBytes(decodeText(given)), given.length);
      }),
    );
  });

  test('beside a byte that is no UTF-8 is read as it is elsewhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        const whole = new TextEncoder().encode(text);
        assert.equal(decodeText(Uint8Array.of(0xff, ...whole, 0xe9)), `\udcff${text}\udce9`);
      }),
    );
    const broken = [
      [0xc0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xe0, 0x9f, 0xbf],
    ];
    for (const one of broken) {
      const units = one.map((byte) => String.fromCharCode(0xdc00 + byte)).join('');
      assert.equal(decodeText(Uint8Array.from(one)), units);
    }
  });

  test('is in the order of its bytes', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const order = compareTexts(decodeText(a), decodeText(b));
        assert.equal(Math.sign(order), Buffer.compare(a, b));
      }),
    );
  });

  test('shows bytes that are no UTF-8, and is well-formed then', () => {
    fc.assert(
      fc.property(bytes, (given) => {
        const shown = showBytes(decodeText(given));
        assert.equal(new TextDecoder().decode(new TextEncoder().encode(shown)), shown);
      }),
    );
    assert.equal(showBytes(decodeText(Uint8Array.of(0x61, 0xff, 0x62, 0xc3))), 'a\\xffb\\xc3');
    assert.equal(showBytes('\udcc3\udca9'), 'é');
  });
});
