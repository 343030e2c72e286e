import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { instructionLength, isInstructionStart } from '../../src/x86/instruction-length.ts';

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

for (const [name, hex] of [
  ['push %rbp', '55'],
  ['mov %rsp,%rbp', '48 89 e5'],
  ['endbr64', 'f3 0f 1e fa'],
  ['movabs', '48 b8 88 77 66 55 44 33 22 11'],
  ['mov $1,%ax', '66 b8 01 00'],
  ['lea with an index and a distance', '48 8d 84 24 00 01 00 00'],
  ['mov relative to the next instruction', '48 8b 05 10 20 30 40'],
  ['an index without a base', '48 8b 04 cd 00 00 00 00'],
  ['test of a byte', 'f6 45 00 01'],
  ['not', 'f7 d0'],
  ['test of a word', '66 f7 c0 01 00'],
  ['call', 'e8 00 00 00 00'],
  ['a far jump on a condition', '0f 85 00 00 00 00'],
  ['a long no-operation', '66 66 2e 0f 1f 84 00 00 00 00 00'],
  ['AVX', 'c5 fd 6f 04 24'],
  ['AVX2 with an immediate', 'c4 e3 fd 00 c0 4e'],
  ['AVX-512', '62 f1 fe 48 6f 06'],
] as const) {
  test(`the length of ${name}`, () => {
    const code = bytes(hex);
    assert.equal(instructionLength(Buffer.concat([code, Buffer.alloc(16)]), 0), code.length);
    assert.equal(instructionLength(code.subarray(0, -1), 0), undefined);
  });
}

test('places between instructions are told from places within them', () => {
  const code = bytes('55 48 89 e5 06 c3');
  const starts = [0, 1, 2, 3, 4, 5].map((offset) => isInstructionStart(code, offset));
  assert.deepEqual(starts, [true, true, false, false, true, undefined]);
});

test(
  'all instructions of the C library have the lengths that objdump says',
  {
    skip: process.arch === 'x64' ? false : 'not an x86 machine',
  },
  () => {
    const library = execFileSync('gcc', ['-print-file-name=libc.so.6'], {
      encoding: 'utf8',
    }).trim();
    const listing = execFileSync('objdump', ['-dw', '-j', '.text', library], {
      encoding: 'latin1',
      maxBuffer: 2 ** 28,
    });
    let count = 0;
    for (const [, hex = '', text = ''] of listing.matchAll(
      /^ *[0-9a-f]+:\t((?:[0-9a-f]{2} )+) *\t?(.*)$/gm,
    )) {
      const code = bytes(hex);
      if (instructionLength(code, 0) !== code.length) assert.fail(`${hex} ${text}`);
      count++;
    }
    assert.ok(count > 100_000);
  },
);
