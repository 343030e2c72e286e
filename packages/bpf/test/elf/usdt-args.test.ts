/** Argument specs of both architectures. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ElfError, parseUsdtArgs } from '../../src/elf/index.ts';
import type { ElfArchitecture, UsdtOperand } from '../../src/elf/index.ts';

const memory = { kind: 'memory', scale: 1, displacement: 0 } as const;

const accepted: readonly (readonly [ElfArchitecture, string, UsdtOperand])[] = [
  ['x86_64', '-4@%edi', { kind: 'reg', reg: 'di', bitOffset: 0 }],
  ['x86_64', '8@%r13', { kind: 'reg', reg: 'r13', bitOffset: 0 }],
  ['x86_64', '1@%r8b', { kind: 'reg', reg: 'r8', bitOffset: 0 }],
  ['x86_64', '1@%al', { kind: 'reg', reg: 'ax', bitOffset: 0 }],
  ['x86_64', '1@%ch', { kind: 'reg', reg: 'cx', bitOffset: 8 }],
  ['x86_64', '1@%sil', { kind: 'reg', reg: 'si', bitOffset: 0 }],
  ['x86_64', '-4@$5', { kind: 'const', value: 5n }],
  ['x86_64', '-8@$-9223372036854775808', { kind: 'const', value: -(2n ** 63n) }],
  ['x86_64', '8@$0xffffffffffffffff', { kind: 'const', value: 2n ** 64n - 1n }],
  ['x86_64', '8@-24(%rbp)', { ...memory, reg: 'bp', displacement: -24 }],
  ['x86_64', '8@-0x10(%rbp)', { ...memory, reg: 'bp', displacement: -16 }],
  ['x86_64', '8@(%rsp)', { ...memory, reg: 'sp' }],
  ['x86_64', '4@(%rax,%rdx,4)', { ...memory, reg: 'ax', index: 'dx', scale: 4 }],
  ['x86_64', '4@8(%rax, %rdx)', { ...memory, reg: 'ax', index: 'dx', displacement: 8 }],
  ['x86_64', '4@8(,%rdx,8)', { ...memory, index: 'dx', scale: 8, displacement: 8 }],
  ['x86_64', '8@sym(%rip)', { ...memory, reg: 'ip', symbol: 'sym' }],
  ['x86_64', '8@_ZN1a1bE+8(%rip)', { ...memory, reg: 'ip', symbol: '_ZN1a1bE', displacement: 8 }],
  ['x86_64', '8@counter.0-4', { ...memory, symbol: 'counter.0', displacement: -4 }],
  ['x86_64', '8@24+mp_(%rip)', { ...memory, reg: 'ip', symbol: 'mp_', displacement: 24 }],
  ['x86_64', '4@-4+mp_(%rip)', { ...memory, reg: 'ip', symbol: 'mp_', displacement: -4 }],
  ['x86_64', '8@$.LC0', { kind: 'const', value: 0n, symbol: '.LC0' }],
  ['x86_64', '8@$table+16', { kind: 'const', value: 16n, symbol: 'table' }],
  ['x86_64', '8@4096', { ...memory, displacement: 4096 }],
  ['arm64', '-4@w3', { kind: 'reg', reg: 'r3', bitOffset: 0 }],
  ['arm64', '8@x30', { kind: 'reg', reg: 'r30', bitOffset: 0 }],
  ['arm64', '8@sp', { kind: 'reg', reg: 'sp', bitOffset: 0 }],
  ['arm64', '-4@-5', { kind: 'const', value: -5n }],
  ['arm64', '8@[sp]', { ...memory, reg: 'sp' }],
  ['arm64', '8@[sp, 8]', { ...memory, reg: 'sp', displacement: 8 }],
  ['arm64', '8@[x29, #-16]', { ...memory, reg: 'r29', displacement: -16 }],
  ['arm64', '8@[x1, x2, lsl 3]', { ...memory, reg: 'r1', index: 'r2', scale: 8 }],
  ['arm64', '8@[x1,x2]', { ...memory, reg: 'r1', index: 'r2' }],
];

for (const [architecture, spec, operand] of accepted) {
  test(`${architecture} reads ${spec}`, () => {
    const signed = spec.startsWith('-');
    const sizeBytes = Number(/\d/.exec(spec)?.[0]);
    assert.deepEqual(parseUsdtArgs(spec, architecture), [{ ...operand, sizeBytes, signed }]);
  });
}

const refused: readonly (readonly [ElfArchitecture, string])[] = [
  ['x86_64', '3@%edi'],
  ['x86_64', '8f@%xmm0'],
  ['x86_64', '8@%xmm0'],
  ['x86_64', '8@%fs:8(%rax)'],
  ['x86_64', '4@(%rax,%rdx,3)'],
  ['x86_64', '4@(%rax'],
  ['x86_64', '%edi'],
  ['x86_64', '8@'],
  ['x86_64', '8@[sp, 8]'],
  ['arm64', '8@x31'],
  ['arm64', '8@d0'],
  ['arm64', '8@[x1, w2, sxtw 3]'],
  ['arm64', '8@%rdi'],
];

for (const [architecture, spec] of refused) {
  test(`${architecture} refuses ${spec} by name`, () => {
    assert.throws(
      () => parseUsdtArgs(spec, architecture),
      (error) => error instanceof ElfError && error.message.includes(`'${spec}'`),
    );
  });
}

test('several arguments keep their order, blanks inside operands and all', () => {
  const x86 = parseUsdtArgs('8@%rdi -4@8(%rax, %rdx) 1@$7', 'x86_64');
  assert.deepEqual(
    x86.map(({ sizeBytes, kind }) => [sizeBytes, kind]),
    [
      [8, 'reg'],
      [4, 'memory'],
      [1, 'const'],
    ],
  );
  const arm = parseUsdtArgs('8@[sp, 8] -4@w0  4@[x1, x2, lsl 2]', 'arm64');
  assert.deepEqual(
    arm.map(({ signed, kind }) => [signed, kind]),
    [
      [false, 'memory'],
      [true, 'reg'],
      [false, 'memory'],
    ],
  );
});

test('a probe without arguments has none', () => {
  assert.deepEqual(parseUsdtArgs('', 'x86_64'), []);
  assert.deepEqual(parseUsdtArgs('  ', 'arm64'), []);
});

test('any text is read or refused with an ElfError', () => {
  const piece = fc.constantFrom(
    '-',
    '8',
    '4',
    '@',
    '%rax',
    '$',
    '(',
    ')',
    ',',
    ' ',
    'x1',
    '[',
    ']',
    '0x',
    'a',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 20 }).map((list) => list.join('')),
  );
  fc.assert(
    fc.property(text, fc.constantFrom('x86_64', 'arm64'), (spec, architecture) => {
      try {
        parseUsdtArgs(spec, architecture);
      } catch (error) {
        assert.ok(error instanceof ElfError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});
