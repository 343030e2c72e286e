import assert from 'node:assert/strict';
import { test } from 'node:test';
import { archOf } from '../../src/arch/arch-of.ts';
import { lockedDown } from '../targets/targets.ts';

test('x86_64 keeps arguments, result and instruction pointer where pt_regs has them', () => {
  const arch = archOf({ ...lockedDown, arch: 'x86_64' });
  const offsets = [...arch.arguments, arch.result, arch.instructionPointer, arch.stackPointer].map(
    (name) => arch.registers[name],
  );
  assert.deepEqual(offsets, [112, 104, 96, 88, 72, 64, 80, 128, 152]);
});

test('arm64 has eight arguments in x0 to x7', () => {
  const arch = archOf({ ...lockedDown, arch: 'arm64' });
  const offsets = [...arch.arguments, arch.result, arch.instructionPointer, arch.stackPointer].map(
    (name) => arch.registers[name],
  );
  assert.deepEqual(offsets, [0, 8, 16, 24, 32, 40, 48, 56, 0, 256, 248]);
});
