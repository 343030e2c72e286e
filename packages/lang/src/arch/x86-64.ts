/**
 * x86_64: https://github.com/torvalds/linux/blob/v6.12/arch/x86/include/asm/ptrace.h and the System V calling
 * convention.
 */
import type { Arch } from './arch.ts';

const order = [
  'r15',
  'r14',
  'r13',
  'r12',
  'bp',
  'bx',
  'r11',
  'r10',
  'r9',
  'r8',
  'ax',
  'cx',
  'dx',
  'si',
  'di',
  'orig_ax',
  'ip',
  'cs',
  'flags',
  'sp',
  'ss',
];

export const X86_64: Arch = {
  registers: {
    ...Object.fromEntries(order.map((name, index) => [name, index * 8])),
    // The names that `reg("…")` has for them besides.
    orig_rax: order.indexOf('orig_ax') * 8,
    pc: order.indexOf('ip') * 8,
  },
  arguments: ['di', 'si', 'dx', 'cx', 'r8', 'r9'],
  result: 'ax',
  instructionPointer: 'ip',
  stackPointer: 'sp',
  userMode: { register: 'cs', mask: 3n, value: 3n },
};
