/** Definitions in C, with holes, packing and members that have no name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Btf, BtfBuilder, cDefinition } from '../../src/btf/index.ts';
import type { BtfMember } from '../../src/btf/index.ts';
import { member, tinyBtf } from './tiny-btf.ts';

test('a struct shows bit-fields, anonymous members and function pointers', () => {
  const btf = tinyBtf();
  assert.equal(
    cDefinition(btf, btf.findByName('task', 'struct') ?? 0),
    `struct task {
	int pid;
	unsigned int on_cpu: 1;
	unsigned int in_iowait: 3;
	union {
		unsigned long flags;
		struct {
			char comm[16];
		};
	};
	struct list list;
	const char *name;
	int (*wake)(struct task *, ...);
};`,
  );
});

test('an enum shows its values', () => {
  const btf = tinyBtf();
  assert.equal(
    cDefinition(btf, btf.findByName('state', 'enum') ?? 0),
    'enum state {\n\tRUNNING = 0,\n\tZOMBIE = -1,\n};',
  );
});

test('a type without members has no definition', () => {
  const btf = tinyBtf();
  assert.equal(cDefinition(btf, btf.findByName('int', 'int') ?? 0), undefined);
});

type Members = (int: number, char: number, long: number) => readonly BtfMember[];

const layouts: readonly (readonly [string, number, Members, string])[] = [
  ['an empty struct', 0, () => [], 'struct s {};'],
  [
    'a hole that alignment makes anyway',
    8,
    (int, char) => [member('c', char, 0), member('i', int, 32)],
    'struct s {\n\tchar c;\n\tint i;\n};',
  ],
  [
    'a hole that is wider',
    16,
    (int, char) => [member('c', char, 0), member('i', int, 64)],
    'struct s {\n\tchar c;\n\tlong: 0;\n\tint i;\n\tlong: 0;\n};',
  ],
  [
    'a hole at the end',
    64,
    (_int, _char, long) => [member('l', long, 0)],
    `struct s {\n\tlong l;\n${'\tlong: 64;\n'.repeat(7)}};`,
  ],
  [
    'a member off its alignment',
    5,
    (int, char) => [member('c', char, 0), member('i', int, 8)],
    'struct s {\n\tchar c;\n\tint i;\n} __attribute__((packed));',
  ],
  [
    'a hole between bit-fields',
    4,
    (int) => [member('a', int, 0, 3), member('b', int, 8, 3)],
    'struct s {\n\tint a: 3;\n\tchar: 5;\n\tint b: 3;\n};',
  ],
];

for (const [name, sizeBytes, members, expected] of layouts) {
  test(`${name} is laid out so that a compiler agrees`, () => {
    const builder = new BtfBuilder();
    const int = builder.int('int', 4, true);
    const char = builder.int('char', 1, true, 'char');
    const long = builder.int('long', 8, true);
    const id = builder.struct('s', sizeBytes, members(int, char, long));
    assert.equal(cDefinition(new Btf(builder.bytes()), id), expected);
  });
}

for (const [sizeBytes, value, mode] of [
  [1, 200n, ' __attribute__((mode(byte)))'],
  [4, 200n, ''],
  [8, 200n, ' __attribute__((mode(word)))'],
  [8, 1n << 40n, ''],
] as const) {
  test(`an enum of ${sizeBytes} bytes up to ${value} ends in '${mode}'`, () => {
    const builder = new BtfBuilder();
    const id = builder.enumeration('level', sizeBytes, false, [{ name: 'HIGH', value }]);
    const suffix = sizeBytes === 8 ? 'ULL' : '';
    assert.equal(
      cDefinition(new Btf(builder.bytes()), id),
      `enum level {\n\tHIGH = ${value}${suffix},\n}${mode};`,
    );
  });
}
