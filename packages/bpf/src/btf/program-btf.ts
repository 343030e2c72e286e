/**
 * BTF of a program of ours: which functions it has and which source line each instruction came from, so that the
 * verifier's messages quote the user's own program.
 *
 * Records: `struct bpf_func_info` and `struct bpf_line_info` in
 * https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/bpf.h
 */
import type { Instruction, SourceLine } from '../asm/instruction.ts';
import { CALL, LD_IMM64 } from '../asm/opcode.ts';
import { BtfBuilder } from './encode.ts';

/** Bytes of one record of `funcInfo`. */
export const FUNC_INFO_BYTES = 8;
/** Bytes of one record of `lineInfo`. */
export const LINE_INFO_BYTES = 16;

/** `line_col` holds the line in the upper 22 bits and the column in the lower 10. */
const COLUMN_BITS = 10;
const MAX_COLUMN = 2 ** COLUMN_BITS - 1;
/** The kernel refuses longer names. */
const MAX_NAME_LENGTH = 127;

export interface ProgramBtf {
  readonly btf: Uint8Array;
  readonly funcInfo: Uint8Array;
  /** Empty for a program of which no instruction has a source. */
  readonly lineInfo: Uint8Array;
}

/**
 * `offsets` are the slot numbers that `assemble` returned for these instructions. The program's sub-functions are
 * the labels that calls and function loads name.
 */
export function programBtf(
  name: string,
  instructions: readonly Instruction[],
  offsets: readonly number[],
): ProgramBtf {
  const builder = new BtfBuilder();
  const starts = functionStarts(instructions);
  const funcInfo = encodeFuncInfo(builder, name, instructions, offsets, starts);
  const lineInfo = encodeLineInfo(builder, instructions, offsets, starts);
  return { btf: builder.bytes(), funcInfo, lineInfo };
}

/** Indices of the instructions at which functions begin; the program itself is at 0. */
function functionStarts(instructions: readonly Instruction[]): readonly number[] {
  const called = new Set<string>();
  for (const { opcode, target } of instructions) {
    if (target !== undefined && (opcode === CALL || opcode === LD_IMM64)) called.add(target);
  }
  const starts: number[] = [];
  instructions.forEach(({ label }, index) => {
    if (index === 0 || (label !== undefined && called.has(label))) starts.push(index);
  });
  return starts;
}

/**
 * All functions are given static linkage, for which the verifier looks at the code and not at the prototype; the
 * prototypes are there because the format wants one.
 */
function encodeFuncInfo(
  builder: BtfBuilder,
  name: string,
  instructions: readonly Instruction[],
  offsets: readonly number[],
  starts: readonly number[],
): Uint8Array {
  const int = builder.int('int', 4, true);
  const context = builder.pointer(0);
  const programPrototype = builder.funcProto(int, [{ name: 'ctx', type: context }]);
  const functionPrototype = builder.funcProto(int, []);
  const records = starts.map((start) => {
    const isProgram = start === 0;
    const functionName = isProgram ? name : (instructions[start]?.label ?? '');
    const prototype = isProgram ? programPrototype : functionPrototype;
    return [offsets[start] ?? 0, builder.func(identifier(functionName), prototype)];
  });
  return encodeWords(records);
}

/**
 * A record wherever the line changes. The kernel wants one at the start of every function, so an instruction there
 * without a source borrows that of the next one that has it.
 */
function encodeLineInfo(
  builder: BtfBuilder,
  instructions: readonly Instruction[],
  offsets: readonly number[],
  starts: readonly number[],
): Uint8Array {
  const sources = instructions.map(({ source }) => source);
  const fallback = sources.find((source) => source !== undefined);
  if (fallback === undefined) return new Uint8Array();
  const functionAt = new Set(starts);
  const records: number[][] = [];
  let previous: SourceLine | undefined;
  sources.forEach((own, index) => {
    const begins = functionAt.has(index);
    const source = begins ? (sources.slice(index).find((next) => next) ?? fallback) : own;
    if (source === undefined || (!begins && isSamePlace(source, previous))) return;
    previous = source;
    const column = Math.min(source.column, MAX_COLUMN);
    records.push([
      offsets[index] ?? 0,
      builder.string(source.file),
      builder.string(source.text),
      source.line * 2 ** COLUMN_BITS + column,
    ]);
  });
  return encodeWords(records);
}

function isSamePlace(a: SourceLine, b: SourceLine | undefined): boolean {
  return a.file === b?.file && a.line === b.line && a.column === b.column;
}

/** The kernel takes C identifiers only. */
function identifier(name: string): string {
  const cleaned = name.replaceAll(/\W/g, '_').slice(0, MAX_NAME_LENGTH);
  return /^[A-Za-z_]/.test(cleaned) ? cleaned : `_${cleaned.slice(0, MAX_NAME_LENGTH - 1)}`;
}

function encodeWords(records: readonly (readonly number[])[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(records.flat()).buffer);
}
