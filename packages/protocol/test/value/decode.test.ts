/** Values as kernels write them. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { NameLookup, Value, ValueType } from '@bpfleet/protocol';
import { decodeValue, noNames, sizeOfValue } from '@bpfleet/protocol';
import fc from 'fast-check';
import { bytes, COMM, I64, U64, words } from '../samples.ts';

const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

const cases: readonly (readonly [string, ValueType, Uint8Array, Value])[] = [
  ['a byte', { kind: 'integer', size: 1, signed: false }, hex('ff'), 255n],
  ['a signed byte', { kind: 'integer', size: 1, signed: true }, hex('ff'), -1n],
  ['a short', { kind: 'integer', size: 2, signed: true }, hex('feff'), -2n],
  ['an int', { kind: 'integer', size: 4, signed: false }, hex('01000080'), 0x80000001n],
  ['a long', I64, hex('feffffffffffffff'), -2n],
  ['an unsigned long', U64, hex('ffffffffffffffff'), (1n << 64n) - 1n],
  ['true', { kind: 'boolean' }, hex('01'), true],
  ['false', { kind: 'boolean' }, hex('00'), false],
  ['a pointer', { kind: 'pointer' }, words(0xffff888100000000n), 0xffff888100000000n],
  ['a string', COMM, bytes('cat', 16), 'cat'],
  ['a string that was cut', { kind: 'string', size: 4 }, bytes('abcd'), 'abcd..'],
  ['an array of C that is full', { kind: 'string', size: 4, array: true }, bytes('abcd'), 'abcd'],
  ['a string that is not UTF-8', COMM, hex('61ff62c3'.padEnd(32, '0')), 'a\udcffb\udcc3'],
  ['a buffer', { kind: 'buffer', size: 4 }, hex('02000000 01020304'), hex('0102')],
  ['a buffer that lies', { kind: 'buffer', size: 2 }, hex('ffffffff 0102'), hex('0102')],
  [
    'an array',
    { kind: 'array', element: { kind: 'integer', size: 2, signed: false }, length: 3 },
    hex('0100 0200 0300'),
    [1n, 2n, 3n],
  ],
  [
    'a tuple with padding',
    {
      kind: 'tuple',
      size: 16,
      fields: [
        { name: '0', offset: 0, type: { kind: 'integer', size: 1, signed: false } },
        { name: '1', offset: 8, type: I64 },
      ],
    },
    words(7, -1),
    [7n, -1n],
  ],
  ['an IPv4 address', { kind: 'inet' }, hex('02000000 7f000001'.padEnd(48, '0')), '127.0.0.1'],
  ['an address of no family', { kind: 'inet' }, new Uint8Array(20), ''],
  ['a MAC address', { kind: 'mac' }, hex('00deadbeef01'), '00:DE:AD:BE:EF:01'],
  ['an unknown kernel symbol', { kind: 'ksym' }, words(0xffffffff81000000n), '0xffffffff81000000'],
  ['an unknown user symbol', { kind: 'usym' }, words(0x401000, 7), '0x401000'],
  ['an unknown user', { kind: 'username' }, words(33), '33'],
  ['an empty stack', { kind: 'kstack', mode: 'bpftrace', limit: 3 }, words(0), []],
  ['an unknown stack', { kind: 'ustack', mode: 'bpftrace', limit: 3 }, words(9, 1), ['[unknown]']],
];

for (const [what, type, data, expected] of cases) {
  test(`decodes ${what}`, () => assert.deepEqual(decodeValue(type, data, noNames), expected));
}

const ipv6: readonly (readonly [string, string])[] = [
  ['00000000000000000000000000000001', '::1'],
  ['00000000000000000000000000000000', '::'],
  ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
  ['20010db8000100000001000000010001', '2001:db8:1:0:1:0:1:1'],
  ['fe800000000000000000000000000000', 'fe80::'],
  ['00000000000000000000ffffc0000201', '::ffff:192.0.2.1'],
  ['000000000000000000000000c0000201', '::192.0.2.1'],
];

for (const [address, text] of ipv6) {
  test(`writes IPv6 ${text}`, () => {
    assert.equal(decodeValue({ kind: 'inet' }, hex(`0a000000${address}`), noNames), text);
  });
}

test('names are looked up by kind and by the value’s bytes', () => {
  const names: NameLookup = (type, id) =>
    type === 'ustack' && id.length === 16 && id[0] === 9 ? ['main+4', '_start+1'] : undefined;
  const type: ValueType = { kind: 'ustack', mode: 'bpftrace', limit: 3 };
  assert.deepEqual(decodeValue(type, words(9, 1), names), ['main+4', '_start+1']);
});

test('a time of the boot clock is moved to Unix time', () => {
  const type: ValueType = { kind: 'timestamp', clock: 'boot', format: '%s.%f' };
  const options = { bootToUnixNs: 1_700_000_000_000_000_000n, truncationTrailer: '..' };
  assert.equal(decodeValue(type, words(5_000_123_456n), noNames, options), '1700000005.000123');
});

const types: fc.Arbitrary<ValueType> = fc.letrec<{ type: ValueType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom<ValueType>(
      ...cases.map(([, type]) => type),
      { kind: 'timestamp', clock: 'boot', format: '%H:%M:%S' },
      { kind: 'cgroup-path', filter: '*' },
    ),
    fc
      .tuple(tie('type'), fc.nat(4))
      .map(([element, length]): ValueType => ({ kind: 'array', element, length })),
    fc.array(tie('type'), { maxLength: 3 }).map((members): ValueType => {
      let size = 0;
      const fields = members.map((type, i) => {
        const offset = size;
        size += sizeOfValue(type);
        return { name: `${i}`, offset, type };
      });
      return { kind: 'tuple', size, fields };
    }),
  ),
})).type;

test('any bytes of any length decode to some value', () => {
  fc.assert(
    fc.property(types, fc.uint8Array({ maxLength: 64 }), (type, data) => {
      assert.notEqual(decodeValue(type, data, noNames), undefined);
    }),
    { numRuns: 1000 },
  );
});
