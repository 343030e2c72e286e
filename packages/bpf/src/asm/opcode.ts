/**
 * The 8-bit eBPF opcode: classes, operations, sizes and modes, in the kernel's spelling.
 *
 * ```
 * arithmetic and jumps          loads and stores
 *  7     4   3   2   0           7   5  4  3  2   0
 * +-------+---+-------+         +-----+-----+-------+
 * |  op   | s | class |         | mode| size| class |
 * +-------+---+-------+         +-----+-----+-------+
 * ```
 * `s` chooses the second operand: `BPF_K` the immediate, `BPF_X` the source register.
 *
 * Format: https://github.com/torvalds/linux/blob/v6.12/Documentation/bpf/standardization/instruction-set.rst
 */

/** Bytes of one instruction slot; a 64-bit immediate load takes two slots. */
export const SLOT_BYTES = 8;

// Instruction classes: bits 0–2.
export const BPF_LD = 0x00;
export const BPF_LDX = 0x01;
export const BPF_ST = 0x02;
export const BPF_STX = 0x03;
export const BPF_ALU = 0x04;
export const BPF_JMP = 0x05;
export const BPF_JMP32 = 0x06;
export const BPF_ALU64 = 0x07;

// Second operand of arithmetic and jumps: bit 3.
export const BPF_K = 0x00;
export const BPF_X = 0x08;

// Arithmetic operations: bits 4–7.
export const BPF_ADD = 0x00;
export const BPF_SUB = 0x10;
export const BPF_MUL = 0x20;
/** Signed division when the offset field is 1 (kernel 6.6). */
export const BPF_DIV = 0x30;
export const BPF_OR = 0x40;
export const BPF_AND = 0x50;
export const BPF_LSH = 0x60;
export const BPF_RSH = 0x70;
export const BPF_NEG = 0x80;
/** Signed remainder when the offset field is 1 (kernel 6.6). */
export const BPF_MOD = 0x90;
export const BPF_XOR = 0xa0;
/** Sign-extending move when the offset field is 8, 16 or 32 (kernel 6.6). */
export const BPF_MOV = 0xb0;
export const BPF_ARSH = 0xc0;
/** Byte order: to little or big endian in class `BPF_ALU`, unconditional swap in `BPF_ALU64` (kernel 6.6). */
export const BPF_END = 0xd0;

// Jump operations: bits 4–7.
export const BPF_JA = 0x00;
export const BPF_JEQ = 0x10;
export const BPF_JGT = 0x20;
export const BPF_JGE = 0x30;
export const BPF_JSET = 0x40;
export const BPF_JNE = 0x50;
export const BPF_JSGT = 0x60;
export const BPF_JSGE = 0x70;
export const BPF_CALL = 0x80;
export const BPF_EXIT = 0x90;
export const BPF_JLT = 0xa0;
export const BPF_JLE = 0xb0;
export const BPF_JSLT = 0xc0;
export const BPF_JSLE = 0xd0;

// Width of a load or store: bits 3–4.
export const BPF_W = 0x00;
export const BPF_H = 0x08;
export const BPF_B = 0x10;
export const BPF_DW = 0x18;

// Mode of a load or store: bits 5–7.
export const BPF_IMM = 0x00;
export const BPF_MEM = 0x60;
/** Sign-extending load (kernel 6.6). */
export const BPF_MEMSX = 0x80;
export const BPF_ATOMIC = 0xc0;

// What an atomic does, in its immediate; add, or, and, xor reuse the arithmetic codes.
/** Leave the old value in the source register (kernel 5.12). */
export const BPF_FETCH = 0x01;
export const BPF_XCHG = 0xe1;
/** Compare with r0, which receives the old value. */
export const BPF_CMPXCHG = 0xf1;

// Source register field of `BPF_LD | BPF_IMM | BPF_DW`: what the immediate stands for.
export const BPF_PSEUDO_MAP_FD = 1;
export const BPF_PSEUDO_MAP_VALUE = 2;
export const BPF_PSEUDO_BTF_ID = 3;
export const BPF_PSEUDO_FUNC = 4;

// Source register field of `BPF_JMP | BPF_CALL`: 0 is a helper.
export const BPF_PSEUDO_CALL = 1;
export const BPF_PSEUDO_KFUNC_CALL = 2;

/** The two-slot load of a 64-bit immediate. */
export const LD_IMM64: number = BPF_LD | BPF_IMM | BPF_DW;
/** Unconditional jump with a 16-bit distance. */
export const JUMP: number = BPF_JMP | BPF_JA;
/** Unconditional jump with a 32-bit distance, `gotol` (kernel 6.6). */
export const JUMP_LONG: number = BPF_JMP32 | BPF_JA;
export const CALL: number = BPF_JMP | BPF_CALL;
export const EXIT: number = BPF_JMP | BPF_EXIT;

export function classOf(opcode: number): number {
  return opcode & 0x07;
}

/** Arithmetic or jump operation, still in bits 4–7. */
export function operationOf(opcode: number): number {
  return opcode & 0xf0;
}

export function sizeOf(opcode: number): number {
  return opcode & 0x18;
}

export function modeOf(opcode: number): number {
  return opcode & 0xe0;
}

/** Does the second operand come from the source register? */
export function usesSourceRegister(opcode: number): boolean {
  return (opcode & BPF_X) !== 0;
}
