/**
 * One eBPF instruction before assembly: jumps carry labels, map loads carry map names, and the source line
 * it was generated from rides along for BTF line info.
 *
 * Format: https://github.com/torvalds/linux/blob/v6.12/Documentation/bpf/standardization/instruction-set.rst
 */

/** r0 result, r1–r5 arguments and scratch, r6–r9 preserved over calls, r10 the read-only frame pointer. */
export type Register = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

/** Where in a user's program an instruction comes from; line and column are 1-based. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The text of that line, as the verifier shall print it. */
  readonly text: string;
}

export interface Instruction {
  /** The 8-bit opcode; see `opcode.ts`. */
  readonly opcode: number;
  readonly dst: Register;
  readonly src: number;
  /** Signed 16 bit: a memory offset in bytes. Jump distances are filled in from `target` by `assemble`. */
  readonly offset: number;
  /** Signed 32 bit, or a 64-bit value for the two-slot load (`ld_imm64`). */
  readonly imm: number | bigint;
  /** Label defined at this instruction. */
  readonly label?: string;
  /** Label that this jump, call or function load refers to. */
  readonly target?: string;
  /** Name of the map whose descriptor (or, with `BPF_PSEUDO_MAP_VALUE`, address) this `ld_imm64` loads. */
  readonly map?: string;
  /** A kernel function (kfunc) called by name; resolved against vmlinux BTF when the program is loaded. */
  readonly kfunc?: string;
  readonly source?: SourceLine;
  readonly comment?: string;
}
