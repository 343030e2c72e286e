/** printf as bpftrace HEAD formats it. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Value, ValueType } from '@bpfleet/protocol';
import { formatPrintf } from '@bpfleet/protocol';
import fc from 'fast-check';
import { COMM, I64, U64 } from '../samples.ts';

const POINTER: ValueType = { kind: 'pointer' };
const BUFFER: ValueType = { kind: 'buffer', size: 8 };
const TUPLE: ValueType = {
  kind: 'tuple',
  size: 16,
  fields: [
    { name: '0', offset: 0, type: I64 },
    { name: '1', offset: 8, type: I64 },
  ],
};
const STATE: ValueType = { kind: 'enum', size: 4, signed: false, variants: { '1': 'RUN' } };

const cases: readonly (readonly [string, ValueType, Value, string])[] = [
  ['%d', I64, 5n, '5'],
  ['%d', I64, -5n, '-5'],
  ['%d', I64, 0x1_0000_0001n, '1'],
  ['%d', I64, 0xffff_ffffn, '-1'],
  ['%i', I64, 7n, '7'],
  ['%hd', I64, 0x1_8000n, '-32768'],
  ['%hhd', I64, 0x1ffn, '-1'],
  ['%ld', I64, -(1n << 40n), '-1099511627776'],
  ['%lld', U64, (1n << 64n) - 1n, '-1'],
  ['%jd', I64, 1n << 40n, '1099511627776'],
  ['%zd', I64, 1n << 40n, '1099511627776'],
  ['%u', I64, -1n, '4294967295'],
  ['%llu', I64, -1n, '18446744073709551615'],
  ['%hu', I64, -1n, '65535'],
  ['%x', I64, -1n, 'ffffffff'],
  ['%lx', I64, -1n, 'ffffffffffffffff'],
  ['%X', I64, 0xbeefn, 'BEEF'],
  ['%#x', I64, 255n, '0xff'],
  ['%#x', I64, 0n, '0'],
  ['%#X', I64, 255n, '0XFF'],
  ['%o', I64, 8n, '10'],
  ['%#o', I64, 8n, '010'],
  ['%5d', I64, 42n, '   42'],
  ['%-5d|', I64, 42n, '42   |'],
  ['%05d', I64, 42n, '00042'],
  ['%+d', I64, 42n, '+42'],
  ['%+d', I64, -42n, '-42'],
  ['%+u', I64, 42n, '42'],
  ['%04x', I64, 2n, '0002'],
  ['%016lx', I64, 255n, '00000000000000ff'],
  ['%d', { kind: 'boolean' }, true, '1'],
  ['%c', I64, 65n, 'A'],
  ['%c', I64, 0x141n, 'A'],
  ['%3c', I64, 65n, '  A'],
  ['%p', POINTER, 0xffff8881_00000000n, '0xffff888100000000'],
  ['%p', I64, 0n, '0'],
  ['%p', I64, -1n, '0xffffffffffffffff'],
  ['%10p|', I64, 16n, '      0x10|'],
  ['%s', COMM, 'cat', 'cat'],
  ['%5s', COMM, 'ba', '   ba'],
  ['%-5s|', COMM, 'ba', 'ba   |'],
  ['%.2s', COMM, 'long', 'long'],
  ['%s', I64, -(1n << 40n), '-1099511627776'],
  ['%s', { kind: 'boolean' }, false, 'false'],
  ['%s', POINTER, 255n, '0xff'],
  ['%s', STATE, 1n, 'RUN'],
  ['%s', STATE, 9n, '9'],
  ['%d', STATE, 1n, '1'],
  ['%s', TUPLE, [1n, 2n], '(1, 2)'],
  ['%4s', TUPLE, [1n, 2n], '   (1, 2)'],
  ['%s', BUFFER, Uint8Array.of(0x41, 0, 0xff), 'A\\x00\\xff'],
  ['%r', BUFFER, Uint8Array.of(0x41, 0x7e, 0x7f), 'A~\\x7f'],
  ['%rx', BUFFER, Uint8Array.of(0x41, 0x0a), '\\x41\\x0a'],
  ['%rh', BUFFER, Uint8Array.of(0x41, 0x0a, 0xff), '41 0a ff'],
  ['%gr', I64, 0xcc0n, 'GFP_KERNEL'],
  ['%gr', I64, 0xdc0n, 'GFP_KERNEL|__GFP_ZERO'],
  ['%gr', I64, 0n, '0'],
  ['%gr', U64, 1n << 40n, '0x10000000000'],
  ['100%% %d', I64, 1n, '100% 1'],
  ['%d', COMM, 'cat', '!{invalid integer conversion: cat}'],
];

for (const [format, type, value, expected] of cases) {
  test(`${format} of ${String(value)} as ${type.kind} is ${expected}`, () => {
    assert.equal(formatPrintf(format, [value], [type]), expected);
  });
}

test('text around several arguments stays', () => {
  const text = formatPrintf('a %s b %d%% c\n', ['x', 7n], [COMM, I64]);
  assert.equal(text, 'a x b 7% c\n');
});

test('a stack starts on a new line, a frame a line', () => {
  const type: ValueType = { kind: 'kstack', mode: 'bpftrace', limit: 3 };
  assert.equal(
    formatPrintf('%s', [['vfs_read+1', 'ksys_read+20']], [type]),
    '\n        vfs_read+1\n        ksys_read+20\n',
  );
});

test('frames of the other stack modes have their own indent', () => {
  const stack = (mode: 'perf' | 'raw' | 'build_id'): string =>
    formatPrintf('%s', [['f']], [{ kind: 'ustack', mode, limit: 3 }]);
  assert.deepEqual([stack('perf'), stack('raw'), stack('build_id')], ['\n\tf\n', '\nf\n', '\nf\n']);
});

test('any format with any values gives a text', () => {
  const parts = fc.constantFrom('%', 'd', 's', '-', '0', '9999999', '.', '*', 'l', 'h', 'r', ' x');
  fc.assert(
    fc.property(fc.array(parts), fc.array(fc.oneof(fc.bigInt(), fc.string())), (format, values) => {
      const types = values.map(() => I64);
      assert.equal(typeof formatPrintf(format.join(''), values, types), 'string');
    }),
  );
});
