/** Builders of jumps, calls and labels: `jeq.imm(R0, 0, 'missing')`, `call('ktime_get_ns')`, `exit()`. */
import { HELPERS, type HelperName } from './helper-functions.ts';
import type { Instruction, Register, SourceLine } from './instruction.ts';
import {
  BPF_JEQ,
  BPF_JGE,
  BPF_JGT,
  BPF_JLE,
  BPF_JLT,
  BPF_JMP,
  BPF_JMP32,
  BPF_JNE,
  BPF_JSET,
  BPF_JSGE,
  BPF_JSGT,
  BPF_JSLE,
  BPF_JSLT,
  BPF_K,
  BPF_PSEUDO_CALL,
  BPF_PSEUDO_KFUNC_CALL,
  BPF_X,
  CALL,
  EXIT,
  JUMP,
} from './opcode.ts';

/** `if dst OP operand goto target`, with the operand an immediate or a register. */
export interface JumpBuilder {
  /** `value` is a signed 32-bit integer, sign-extended where the comparison is 64 bits wide. */
  imm(dst: Register, value: number, target: string): Instruction;
  reg(dst: Register, src: Register, target: string): Instruction;
}

function jumpBuilder(jumpClass: number, operation: number): JumpBuilder {
  return {
    imm: (dst, value, target) => ({
      opcode: jumpClass | operation | BPF_K,
      dst,
      src: 0,
      offset: 0,
      imm: value,
      target,
    }),
    reg: (dst, src, target) => ({
      opcode: jumpClass | operation | BPF_X,
      dst,
      src,
      offset: 0,
      imm: 0,
      target,
    }),
  };
}

export const jeq: JumpBuilder = jumpBuilder(BPF_JMP, BPF_JEQ);
export const jne: JumpBuilder = jumpBuilder(BPF_JMP, BPF_JNE);
/** Jump if any bit of the operand is set in `dst`. */
export const jset: JumpBuilder = jumpBuilder(BPF_JMP, BPF_JSET);
export const jgt: JumpBuilder = jumpBuilder(BPF_JMP, BPF_JGT);
export const jge: JumpBuilder = jumpBuilder(BPF_JMP, BPF_JGE);
export const jlt: JumpBuilder = jumpBuilder(BPF_JMP, BPF_JLT);
export const jle: JumpBuilder = jumpBuilder(BPF_JMP, BPF_JLE);
export const jsgt: JumpBuilder = jumpBuilder(BPF_JMP, BPF_JSGT);
export const jsge: JumpBuilder = jumpBuilder(BPF_JMP, BPF_JSGE);
export const jslt: JumpBuilder = jumpBuilder(BPF_JMP, BPF_JSLT);
export const jsle: JumpBuilder = jumpBuilder(BPF_JMP, BPF_JSLE);

export const jeq32: JumpBuilder = jumpBuilder(BPF_JMP32, BPF_JEQ);
export const jne32: JumpBuilder = jumpBuilder(BPF_JMP32, BPF_JNE);
export const jset32: JumpBuilder = jumpBuilder(BPF_JMP32, BPF_JSET);
export const jgt32: JumpBuilder = jumpBuilder(BPF_JMP32, BPF_JGT);
export const jge32: JumpBuilder = jumpBuilder(BPF_JMP32, BPF_JGE);
export const jlt32: JumpBuilder = jumpBuilder(BPF_JMP32, BPF_JLT);
export const jle32: JumpBuilder = jumpBuilder(BPF_JMP32, BPF_JLE);
export const jsgt32: JumpBuilder = jumpBuilder(BPF_JMP32, BPF_JSGT);
export const jsge32: JumpBuilder = jumpBuilder(BPF_JMP32, BPF_JSGE);
export const jslt32: JumpBuilder = jumpBuilder(BPF_JMP32, BPF_JSLT);
export const jsle32: JumpBuilder = jumpBuilder(BPF_JMP32, BPF_JSLE);

/** Jump always. */
export function ja(target: string): Instruction {
  return { opcode: JUMP, dst: 0, src: 0, offset: 0, imm: 0, target };
}

/** Call a helper: arguments in r1–r5, result in r0; r1–r5 are lost. */
export function call(helper: HelperName): Instruction {
  return { opcode: CALL, dst: 0, src: 0, offset: 0, imm: HELPERS[helper] };
}

/** Call a kernel function by name; registers as for a helper. Tracing programs: kernel 6.0 or later. */
export function callKfunc(kfunc: string): Instruction {
  return { opcode: CALL, dst: 0, src: BPF_PSEUDO_KFUNC_CALL, offset: 0, imm: 0, kfunc };
}

/** Call a sub-function of this program, which has a stack frame of its own. */
export function callLocal(label: string): Instruction {
  return { opcode: CALL, dst: 0, src: BPF_PSEUDO_CALL, offset: 0, imm: 0, target: label };
}

/** Return r0 from the program or sub-function. */
export function exit(): Instruction {
  return { opcode: EXIT, dst: 0, src: 0, offset: 0, imm: 0 };
}

/** The instruction as one that jumps can name. */
export function labelled(label: string, instruction: Instruction): Instruction {
  return { ...instruction, label };
}

/** The instruction as one that a line of the user's program gave rise to. */
export function sourced(source: SourceLine, instruction: Instruction): Instruction {
  return { ...instruction, source };
}
