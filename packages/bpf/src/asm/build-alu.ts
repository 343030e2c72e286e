/**
 * Builders of arithmetic instructions: `add.imm(R1, 8)`, `mov32.reg(R2, R3)`. The `…32` forms work on the
 * low halves and clear the high half of the destination.
 */
import type { Instruction, Register } from './instruction.ts';
import {
  BPF_ADD,
  BPF_ALU,
  BPF_ALU64,
  BPF_AND,
  BPF_ARSH,
  BPF_DIV,
  BPF_END,
  BPF_K,
  BPF_LSH,
  BPF_MOD,
  BPF_MOV,
  BPF_MUL,
  BPF_NEG,
  BPF_OR,
  BPF_RSH,
  BPF_SUB,
  BPF_X,
  BPF_XOR,
} from './opcode.ts';

/** `dst = dst OP operand`, with the operand an immediate or a register. */
export interface AluBuilder {
  /** `value` is a signed 32-bit integer, sign-extended where the operation is 64 bits wide. */
  imm(dst: Register, value: number): Instruction;
  reg(dst: Register, src: Register): Instruction;
}

/** The offset field that turns division and remainder into their signed forms. */
const SIGNED = 1;

function aluBuilder(aluClass: number, operation: number, offset = 0): AluBuilder {
  return {
    imm: (dst, value) => ({
      opcode: aluClass | operation | BPF_K,
      dst,
      src: 0,
      offset,
      imm: value,
    }),
    reg: (dst, src) => ({ opcode: aluClass | operation | BPF_X, dst, src, offset, imm: 0 }),
  };
}

export const mov: AluBuilder = aluBuilder(BPF_ALU64, BPF_MOV);
export const add: AluBuilder = aluBuilder(BPF_ALU64, BPF_ADD);
export const sub: AluBuilder = aluBuilder(BPF_ALU64, BPF_SUB);
export const mul: AluBuilder = aluBuilder(BPF_ALU64, BPF_MUL);
/** Unsigned; a zero divisor gives 0. */
export const div: AluBuilder = aluBuilder(BPF_ALU64, BPF_DIV);
/** Unsigned; a zero divisor leaves the dividend. */
export const mod: AluBuilder = aluBuilder(BPF_ALU64, BPF_MOD);
/** Signed division, kernel 6.6. */
export const sdiv: AluBuilder = aluBuilder(BPF_ALU64, BPF_DIV, SIGNED);
/** Signed remainder with the sign of the dividend, kernel 6.6. */
export const smod: AluBuilder = aluBuilder(BPF_ALU64, BPF_MOD, SIGNED);
export const and: AluBuilder = aluBuilder(BPF_ALU64, BPF_AND);
export const or: AluBuilder = aluBuilder(BPF_ALU64, BPF_OR);
export const xor: AluBuilder = aluBuilder(BPF_ALU64, BPF_XOR);
export const lsh: AluBuilder = aluBuilder(BPF_ALU64, BPF_LSH);
/** Logical shift: zeroes come in from the left. */
export const rsh: AluBuilder = aluBuilder(BPF_ALU64, BPF_RSH);
/** Arithmetic shift: the sign comes in from the left. */
export const arsh: AluBuilder = aluBuilder(BPF_ALU64, BPF_ARSH);

export const mov32: AluBuilder = aluBuilder(BPF_ALU, BPF_MOV);
export const add32: AluBuilder = aluBuilder(BPF_ALU, BPF_ADD);
export const sub32: AluBuilder = aluBuilder(BPF_ALU, BPF_SUB);
export const mul32: AluBuilder = aluBuilder(BPF_ALU, BPF_MUL);
export const div32: AluBuilder = aluBuilder(BPF_ALU, BPF_DIV);
export const mod32: AluBuilder = aluBuilder(BPF_ALU, BPF_MOD);
export const sdiv32: AluBuilder = aluBuilder(BPF_ALU, BPF_DIV, SIGNED);
export const smod32: AluBuilder = aluBuilder(BPF_ALU, BPF_MOD, SIGNED);
export const and32: AluBuilder = aluBuilder(BPF_ALU, BPF_AND);
export const or32: AluBuilder = aluBuilder(BPF_ALU, BPF_OR);
export const xor32: AluBuilder = aluBuilder(BPF_ALU, BPF_XOR);
export const lsh32: AluBuilder = aluBuilder(BPF_ALU, BPF_LSH);
export const rsh32: AluBuilder = aluBuilder(BPF_ALU, BPF_RSH);
export const arsh32: AluBuilder = aluBuilder(BPF_ALU, BPF_ARSH);

export function neg(dst: Register): Instruction {
  return { opcode: BPF_ALU64 | BPF_NEG, dst, src: 0, offset: 0, imm: 0 };
}

export function neg32(dst: Register): Instruction {
  return { opcode: BPF_ALU | BPF_NEG, dst, src: 0, offset: 0, imm: 0 };
}

/** Move the low `bits` of `src`, sign-extended to 64 bits. Kernel 6.6. */
export function movsx(bits: 8 | 16 | 32, dst: Register, src: Register): Instruction {
  return { opcode: BPF_ALU64 | BPF_MOV | BPF_X, dst, src, offset: bits, imm: 0 };
}

/** Move the low `bits` of `src`, sign-extended to 32 bits, clearing the high half. Kernel 6.6. */
export function movsx32(bits: 8 | 16, dst: Register, src: Register): Instruction {
  return { opcode: BPF_ALU | BPF_MOV | BPF_X, dst, src, offset: bits, imm: 0 };
}

/** Truncate to `bits` and convert from the machine's byte order to big endian. */
export function toBigEndian(bits: 16 | 32 | 64, dst: Register): Instruction {
  return { opcode: BPF_ALU | BPF_END | BPF_X, dst, src: 0, offset: 0, imm: bits };
}

/** Truncate to `bits` and convert from the machine's byte order to little endian. */
export function toLittleEndian(bits: 16 | 32 | 64, dst: Register): Instruction {
  return { opcode: BPF_ALU | BPF_END | BPF_K, dst, src: 0, offset: 0, imm: bits };
}

/** Truncate to `bits` and reverse the bytes, whatever the machine's byte order. Kernel 6.6. */
export function bswap(bits: 16 | 32 | 64, dst: Register): Instruction {
  return { opcode: BPF_ALU64 | BPF_END, dst, src: 0, offset: 0, imm: bits };
}
