/** Integer literals and what is wrong with them. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { decodeInteger } from '../../src/syntax/decode-integer.ts';

suite('integer literals', () => {
  const cases: readonly (readonly [text: string, value: bigint, suffix?: string])[] = [
    ['0', 0n],
    ['42', 42n],
    ['0x1F', 31n],
    ['0Xff_ff', 0xffffn],
    ['0xe5', 0xe5n],
    ['0777', 0o777n],
    ['00', 0n],
    ['1_000_000', 1_000_000n],
    ['1e6', 1_000_000n],
    ['9E3', 9_000n],
    ['1e1_0', 10_000_000_000n],
    ['18446744073709551615', 2n ** 64n - 1n],
    ['5u', 5n, 'u'],
    ['5ul', 5n, 'ul'],
    ['5ull', 5n, 'ull'],
    ['5l', 5n, 'l'],
    ['5ll', 5n, 'll'],
    ['7ns', 7n],
    ['7us', 7_000n],
    ['7ms', 7_000_000n],
    ['7s', 7_000_000_000n],
    ['2m', 120_000_000_000n],
    ['2h', 7_200_000_000_000n],
    ['1d', 86_400_000_000_000n],
    ['1e3ms', 1_000_000_000n],
  ];
  for (const [text, value, suffix] of cases) {
    test(`${text} is ${value}`, () => assert.deepEqual(decodeInteger(text), { value, suffix }));
  }

  test('decimal, hexadecimal and octal agree for every 64-bit value', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        for (const text of [`${value}`, `0x${value.toString(16)}`, `0${value.toString(8)}`]) {
          assert.deepEqual(decodeInteger(text), { value, suffix: undefined });
        }
      }),
    );
  });
});

suite('faulty integer literals', () => {
  const cases: readonly (readonly [text: string, fault: string, range: string])[] = [
    ['5e', 'invalid trailing bytes: 5e', '5e'],
    ['1e0', 'invalid trailing bytes: 1e0', '1e0'],
    ['08', 'invalid trailing bytes: 08', '08'],
    ['1e21', 'overflow error, maximum value is 18446744073709551615: 1e21', '1e21'],
    ['1e999', 'overflow error, maximum value is 18446744073709551615: 1e999', '1e999'],
    [
      '18446744073709551616',
      'overflow error, maximum value is 18446744073709551615: 18446744073709551616',
      '18446744073709551616',
    ],
    ['4294967296u', 'overflow error, maximum value is 4294967295: 4294967296u', '4294967296u'],
    [
      '10000000000m',
      'overflow error, maximum value is 18446744073709551615: 10000000000m',
      '10000000000m',
    ],
    ['12e4', 'coefficient part of scientific literal must be 1-9: 12e4', '12e4'],
    ['1_1e100', 'coefficient part of scientific literal must be 1-9: 1_1e100', '1_1e100'],
    ['1_1_', 'trailing underscore in integer literal', '_'],
    ['1e1_', 'trailing underscore in integer literal', '_'],
    ['1ulll', "invalid integer suffix 'l'", 'l'],
    ['1lul', "invalid integer suffix 'ul'", 'ul'],
    ['0b101', "invalid integer suffix 'b101'", 'b101'],
    ['0x', 'invalid integer: 0x', '0x'],
  ];
  for (const [text, fault, range] of cases) {
    test(`${text}: ${fault}`, () => {
      const decoded = decodeInteger(text);
      assert.ok('fault' in decoded);
      assert.equal(decoded.fault, fault);
      assert.equal(text.slice(decoded.start, decoded.end), range);
    });
  }
});
