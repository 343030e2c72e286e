/** Builders of loads, stores and atomics: `ldx(8, R1, R6, 16)`, `stx(4, R10, -8, R2)`, `fetchAdd(8, R0, 0, R1)`. */
import type { Instruction, Register } from './instruction.ts';
import {
  BPF_ADD,
  BPF_AND,
  BPF_ATOMIC,
  BPF_B,
  BPF_CMPXCHG,
  BPF_DW,
  BPF_FETCH,
  BPF_H,
  BPF_LDX,
  BPF_MEM,
  BPF_MEMSX,
  BPF_OR,
  BPF_PSEUDO_FUNC,
  BPF_PSEUDO_MAP_FD,
  BPF_PSEUDO_MAP_VALUE,
  BPF_ST,
  BPF_STX,
  BPF_W,
  BPF_XCHG,
  BPF_XOR,
  LD_IMM64,
} from './opcode.ts';

/** Bytes that one load or store moves. */
export type AccessSize = 1 | 2 | 4 | 8;
/** Bytes that one atomic works on. */
export type AtomicSize = 4 | 8;

const sizeCode = { 1: BPF_B, 2: BPF_H, 4: BPF_W, 8: BPF_DW } as const;

/** `dst = *(uN *)(src + offset)`, zero-extended. */
export function ldx(size: AccessSize, dst: Register, src: Register, offset: number): Instruction {
  return { opcode: BPF_LDX | BPF_MEM | sizeCode[size], dst, src, offset, imm: 0 };
}

/** `dst = *(sN *)(src + offset)`, sign-extended to 64 bits. Kernel 6.6. */
export function ldxsx(size: 1 | 2 | 4, dst: Register, src: Register, offset: number): Instruction {
  return { opcode: BPF_LDX | BPF_MEMSX | sizeCode[size], dst, src, offset, imm: 0 };
}

/** `*(uN *)(dst + offset) = value`; a signed 32-bit value, sign-extended when 8 bytes are stored. */
export function st(size: AccessSize, dst: Register, offset: number, value: number): Instruction {
  return { opcode: BPF_ST | BPF_MEM | sizeCode[size], dst, src: 0, offset, imm: value };
}

/** `*(uN *)(dst + offset) = src` */
export function stx(size: AccessSize, dst: Register, offset: number, src: Register): Instruction {
  return { opcode: BPF_STX | BPF_MEM | sizeCode[size], dst, src, offset, imm: 0 };
}

function atomic(
  operation: number,
  size: AtomicSize,
  dst: Register,
  offset: number,
  src: Register,
): Instruction {
  return { opcode: BPF_STX | BPF_ATOMIC | sizeCode[size], dst, src, offset, imm: operation };
}

/** `*(dst + offset) += src` in one step; the old value is not returned. */
export function atomicAdd(
  size: AtomicSize,
  dst: Register,
  offset: number,
  src: Register,
): Instruction {
  return atomic(BPF_ADD, size, dst, offset, src);
}

/** As `atomicAdd`; `src` receives the old value. Kernel 5.12. */
export function fetchAdd(
  size: AtomicSize,
  dst: Register,
  offset: number,
  src: Register,
): Instruction {
  return atomic(BPF_ADD | BPF_FETCH, size, dst, offset, src);
}

/** `*(dst + offset) |= src` in one step; `src` receives the old value. Kernel 5.12. */
export function fetchOr(
  size: AtomicSize,
  dst: Register,
  offset: number,
  src: Register,
): Instruction {
  return atomic(BPF_OR | BPF_FETCH, size, dst, offset, src);
}

/** `*(dst + offset) &= src` in one step; `src` receives the old value. Kernel 5.12. */
export function fetchAnd(
  size: AtomicSize,
  dst: Register,
  offset: number,
  src: Register,
): Instruction {
  return atomic(BPF_AND | BPF_FETCH, size, dst, offset, src);
}

/** `*(dst + offset) ^= src` in one step; `src` receives the old value. Kernel 5.12. */
export function fetchXor(
  size: AtomicSize,
  dst: Register,
  offset: number,
  src: Register,
): Instruction {
  return atomic(BPF_XOR | BPF_FETCH, size, dst, offset, src);
}

/** Swap `src` with `*(dst + offset)`. Kernel 5.12. */
export function xchg(size: AtomicSize, dst: Register, offset: number, src: Register): Instruction {
  return atomic(BPF_XCHG, size, dst, offset, src);
}

/** Store `src` if `*(dst + offset)` equals r0; r0 receives the old value either way. Kernel 5.12. */
export function cmpxchg(
  size: AtomicSize,
  dst: Register,
  offset: number,
  src: Register,
): Instruction {
  return atomic(BPF_CMPXCHG, size, dst, offset, src);
}

/** Load any 64-bit value; negative ones as two's complement. Takes two slots. */
export function ldImm64(dst: Register, value: bigint): Instruction {
  return { opcode: LD_IMM64, dst, src: 0, offset: 0, imm: value };
}

/** Load the pointer by which helpers know a map. */
export function loadMap(dst: Register, map: string): Instruction {
  return { opcode: LD_IMM64, dst, src: BPF_PSEUDO_MAP_FD, offset: 0, imm: 0, map };
}

/** Load the address of byte `offset` in element 0 of an array map, with no lookup at run time. */
export function loadMapValue(dst: Register, map: string, offset: number): Instruction {
  return { opcode: LD_IMM64, dst, src: BPF_PSEUDO_MAP_VALUE, offset: 0, imm: offset, map };
}

/** Load a sub-function as a callback for helpers such as `for_each_map_elem`. Kernel 5.13. */
export function loadFunction(dst: Register, label: string): Instruction {
  return { opcode: LD_IMM64, dst, src: BPF_PSEUDO_FUNC, offset: 0, imm: 0, target: label };
}
