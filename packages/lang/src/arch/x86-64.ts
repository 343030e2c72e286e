/**
 * x86_64: https://github.com/torvalds/linux/blob/v6.12/arch/x86/include/asm/ptrace.h and the System V calling
 * convention.
 */
import type { Arch } from './arch.ts';
import { X86_64_SYSTEM_CALLS } from './system-calls-x86-64.ts';

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

const offsetOf = (name: string): number => order.indexOf(name) * 8;

export const X86_64: Arch = {
  registers: {
    ...Object.fromEntries(order.map((name) => [name, offsetOf(name)])),
    // The names that `reg("…")` has for them besides.
    orig_rax: offsetOf('orig_ax'),
    pc: offsetOf('ip'),
  },
  arguments: ['di', 'si', 'dx', 'cx', 'r8', 'r9'],
  result: 'ax',
  instructionPointer: 'ip',
  stackPointer: 'sp',
  userMode: { register: 'cs', mask: 3n, value: 3n },
  systemCalls: {
    numbers: X86_64_SYSTEM_CALLS,
    arguments: ['di', 'si', 'dx', 'r10', 'r8', 'r9'].map(offsetOf),
    number: { offset: offsetOf('orig_ax'), sizeBytes: 8 },
    // TS_COMPAT; calls of x32 programs have numbers of their own.
    foreign: { member: 'status', mask: 2n },
  },
};
