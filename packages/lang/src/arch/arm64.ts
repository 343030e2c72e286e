/** arm64: https://github.com/torvalds/linux/blob/v6.12/arch/arm64/include/uapi/asm/ptrace.h and AAPCS64. */
import type { Arch } from './arch.ts';
import { ARM64_SYSTEM_CALLS } from './system-calls-arm64.ts';

const GENERAL_REGISTERS = 31;

const general = Array.from({ length: GENERAL_REGISTERS }, (_, index) => [`x${index}`, index * 8]);

export const ARM64: Arch = {
  registers: {
    ...Object.fromEntries(general),
    ...Object.fromEntries(general.map(([name, offset]) => [`${name}`.replace('x', 'r'), offset])),
    fp: 29 * 8,
    lr: 30 * 8,
    sp: 31 * 8,
    pc: 32 * 8,
    pstate: 33 * 8,
  },
  arguments: ['x0', 'x1', 'x2', 'x3', 'x4', 'x5', 'x6', 'x7'],
  result: 'x0',
  instructionPointer: 'pc',
  stackPointer: 'sp',
  userMode: { register: 'pstate', mask: 0xfn, value: 0n },
  systemCalls: {
    numbers: ARM64_SYSTEM_CALLS,
    // What was in x0 when the call came, then x1 to x5; `orig_x0` and `syscallno` follow `pstate`.
    arguments: [34 * 8, 8, 16, 24, 32, 40],
    number: { offset: 35 * 8, sizeBytes: 4 },
    // TIF_32BIT
    foreign: { member: 'flags', mask: 1n << 22n },
  },
};
