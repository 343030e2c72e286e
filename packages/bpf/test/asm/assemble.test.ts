/** What `assemble` refuses, and what it does with distances that do not fit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as asm from '../../src/asm/index.ts';
import type { Instruction } from '../../src/asm/index.ts';

const { R0, R1 } = asm;

const refused: readonly (readonly [string, readonly Instruction[], RegExp])[] = [
  [
    'a label defined twice',
    [asm.labelled('a', asm.exit()), asm.labelled('a', asm.exit())],
    /label a/,
  ],
  ['a label that is missing', [asm.ja('nowhere')], /label nowhere at slot 0 is not defined/],
  ['an immediate of 33 bits', [asm.mov.imm(R0, 2 ** 31)], /2147483648 does not fit s32/],
  ['a fraction', [asm.mov.imm(R0, 0.5)], /does not fit s32/],
  ['a memory offset of 17 bits', [asm.ldx(8, R0, R1, 2 ** 15)], /32768 does not fit s16/],
  ['a wide load of 65 bits', [asm.ldImm64(R0, 1n << 64n)], /does not fit 64 bits/],
  ['a kernel function nobody resolves', [asm.callKfunc('f')], /no resolver for kernel function f/],
];

for (const [name, instructions, message] of refused) {
  test(`${name} is a bug of ours`, () => {
    assert.throws(
      () => asm.assemble(instructions, { mapFd: () => 0 }),
      (error) => error instanceof asm.InternalError && message.test(error.message),
    );
  });
}

function apart(jump: Instruction, slots: number): readonly Instruction[] {
  const filler = Array.from({ length: slots }, () => asm.mov.imm(R0, 0));
  return [jump, ...filler, asm.labelled('far', asm.exit())];
}

test('an unconditional jump too far for 16 bits becomes a long one', () => {
  const near = asm.assemble(apart(asm.ja('far'), 32_767), asm.UNRESOLVED);
  const far = asm.assemble(apart(asm.ja('far'), 32_768), asm.UNRESOLVED);
  assert.match(asm.disassemble(near.bytes), /^0: goto pc\+32767\n/);
  assert.match(asm.disassemble(far.bytes), /^0: gotol pc\+32768\n/);
});

test('a conditional jump too far for 16 bits is refused', () => {
  assert.throws(
    () => asm.assemble(apart(asm.jeq.imm(R0, 0, 'far'), 32_768), asm.UNRESOLVED),
    /32768 does not fit s16/,
  );
});

test('a program without instructions is empty', () => {
  assert.deepEqual(asm.assemble([], asm.UNRESOLVED), { bytes: new Uint8Array(), offsets: [0] });
});

test('decoding any bytes and assembling them again gives the same bytes', () => {
  const slot = fc
    .tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ minLength: 7, maxLength: 7 }))
    // Instructions that refer to maps and functions need names, and wide loads zeroes in their second slot.
    .filter(([opcode]) => opcode !== asm.LD_IMM64 && opcode !== asm.CALL)
    .map(([opcode, rest]) => [opcode, ...rest]);
  fc.assert(
    fc.property(fc.array(slot), (slots) => {
      const bytes = Uint8Array.from(slots.flat());
      const again = asm.assemble(asm.decodeInstructions(bytes), asm.UNRESOLVED);
      assert.deepEqual(again.bytes, bytes);
    }),
  );
});

test('any bytes can be shown', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const lines = asm.disassemble(bytes).split('\n').length - 1;
      assert.equal(lines, asm.decodeInstructions(bytes).length);
    }),
  );
});
