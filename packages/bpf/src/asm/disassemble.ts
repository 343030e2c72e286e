/**
 * Instructions as text in the form of the kernel's verifier log, for goldens and `-d`.
 *
 * Form: https://github.com/torvalds/linux/blob/v6.12/kernel/bpf/disasm.c
 */
import { decodeInstructions } from './decode-instructions.ts';
import { helperName } from './helper-functions.ts';
import type { Instruction, SourceLine } from './instruction.ts';
import {
  BPF_ADD,
  BPF_ALU,
  BPF_ALU64,
  BPF_AND,
  BPF_ARSH,
  BPF_ATOMIC,
  BPF_B,
  BPF_CALL,
  BPF_CMPXCHG,
  BPF_DIV,
  BPF_DW,
  BPF_END,
  BPF_EXIT,
  BPF_FETCH,
  BPF_H,
  BPF_JA,
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
  BPF_LDX,
  BPF_LSH,
  BPF_MEM,
  BPF_MEMSX,
  BPF_MOD,
  BPF_MOV,
  BPF_MUL,
  BPF_NEG,
  BPF_OR,
  BPF_PSEUDO_CALL,
  BPF_PSEUDO_FUNC,
  BPF_PSEUDO_KFUNC_CALL,
  BPF_PSEUDO_MAP_FD,
  BPF_PSEUDO_MAP_VALUE,
  BPF_RSH,
  BPF_ST,
  BPF_STX,
  BPF_SUB,
  BPF_W,
  BPF_XCHG,
  BPF_XOR,
  LD_IMM64,
  classOf,
  modeOf,
  operationOf,
  sizeOf,
  usesSourceRegister,
} from './opcode.ts';

const arithmetic: ReadonlyMap<number, string> = new Map([
  [BPF_ADD, '+='],
  [BPF_SUB, '-='],
  [BPF_MUL, '*='],
  [BPF_DIV, '/='],
  [BPF_OR, '|='],
  [BPF_AND, '&='],
  [BPF_LSH, '<<='],
  [BPF_RSH, '>>='],
  [BPF_MOD, '%='],
  [BPF_XOR, '^='],
  [BPF_MOV, '='],
  [BPF_ARSH, 's>>='],
]);

const comparison: ReadonlyMap<number, string> = new Map([
  [BPF_JEQ, '=='],
  [BPF_JGT, '>'],
  [BPF_JGE, '>='],
  [BPF_JSET, '&'],
  [BPF_JNE, '!='],
  [BPF_JSGT, 's>'],
  [BPF_JSGE, 's>='],
  [BPF_JLT, '<'],
  [BPF_JLE, '<='],
  [BPF_JSLT, 's<'],
  [BPF_JSLE, 's<='],
]);

const width: ReadonlyMap<number, string> = new Map([
  [BPF_W, '32'],
  [BPF_H, '16'],
  [BPF_B, '8'],
  [BPF_DW, '64'],
]);

const fetchName: ReadonlyMap<number, string> = new Map([
  [BPF_ADD, 'add'],
  [BPF_AND, 'and'],
  [BPF_OR, 'or'],
  [BPF_XOR, 'xor'],
]);

/**
 * One line per instruction. Bytes are numbered by slot and jump by distance; instructions that still have labels
 * show those instead, under the source line each run of them came from.
 */
export function disassemble(program: Uint8Array | readonly Instruction[]): string {
  return program instanceof Uint8Array ? disassembleBytes(program) : disassembleLabelled(program);
}

function disassembleBytes(bytes: Uint8Array): string {
  let slot = 0;
  let text = '';
  for (const instruction of decodeInstructions(bytes)) {
    text += `${slot}: ${formatInstruction(instruction)}\n`;
    slot += instruction.opcode === LD_IMM64 ? 2 : 1;
  }
  return text;
}

function disassembleLabelled(instructions: readonly Instruction[]): string {
  let text = '';
  let shown: SourceLine | undefined;
  for (const instruction of instructions) {
    const { label, source, comment } = instruction;
    if (label !== undefined) text += `${label}:\n`;
    if (source !== undefined && (source.line !== shown?.line || source.file !== shown.file)) {
      text += `  ; ${source.text.trim()}\n`;
      shown = source;
    }
    text += `  ${formatInstruction(instruction)}${comment === undefined ? '' : ` ; ${comment}`}\n`;
  }
  return text;
}

/** One instruction, without its label and comment. An opcode the kernel does not know shows as `(xx) unknown`. */
export function formatInstruction(instruction: Instruction): string {
  return format(instruction) ?? `(${instruction.opcode.toString(16).padStart(2, '0')}) unknown`;
}

function format(instruction: Instruction): string | undefined {
  const opcodeClass = classOf(instruction.opcode);
  switch (opcodeClass) {
    case BPF_ALU:
    case BPF_ALU64:
      return formatArithmetic(instruction, opcodeClass === BPF_ALU64);
    case BPF_JMP:
    case BPF_JMP32:
      return formatJump(instruction, opcodeClass === BPF_JMP32);
    case BPF_LDX:
      return formatLoad(instruction);
    case BPF_ST:
      return modeOf(instruction.opcode) === BPF_MEM
        ? `${memory(instruction, 'u', instruction.dst)} = ${instruction.imm}`
        : undefined;
    case BPF_STX:
      return formatStore(instruction);
    default:
      return instruction.opcode === LD_IMM64 ? formatWideLoad(instruction) : undefined;
  }
}

function formatArithmetic(instruction: Instruction, wide: boolean): string | undefined {
  const { opcode, dst, src, offset, imm } = instruction;
  const prefix = wide ? 'r' : 'w';
  const operation = operationOf(opcode);
  if (operation === BPF_NEG) return `${prefix}${dst} = -${prefix}${dst}`;
  if (operation === BPF_END) {
    const conversion = wide ? 'bswap' : usesSourceRegister(opcode) ? 'be' : 'le';
    return `r${dst} = ${conversion}${imm} r${dst}`;
  }
  const operator = arithmetic.get(operation);
  if (operator === undefined) return undefined;
  const signed = offset === 1 && (operation === BPF_DIV || operation === BPF_MOD) ? 's' : '';
  const cast = operation === BPF_MOV && offset !== 0 ? `(s${offset})` : '';
  const operand = usesSourceRegister(opcode) ? `${cast}${prefix}${src}` : `${imm}`;
  return `${prefix}${dst} ${signed}${operator} ${operand}`;
}

function formatJump(instruction: Instruction, narrow: boolean): string | undefined {
  const { opcode, dst, src, offset, imm } = instruction;
  const operation = operationOf(opcode);
  if (operation === BPF_JA) {
    const distance = narrow ? Number(imm) : offset;
    return `${narrow ? 'gotol' : 'goto'} ${destination(instruction, distance)}`;
  }
  if (operation === BPF_CALL) return formatCall(instruction);
  if (operation === BPF_EXIT) return 'exit';
  const operator = comparison.get(operation);
  if (operator === undefined) return undefined;
  const prefix = narrow ? 'w' : 'r';
  const operand = usesSourceRegister(opcode)
    ? `${prefix}${src}`
    : `0x${(Number(imm) >>> 0).toString(16)}`;
  return `if ${prefix}${dst} ${operator} ${operand} goto ${destination(instruction, offset)}`;
}

function formatCall(instruction: Instruction): string {
  const { src, imm, kfunc } = instruction;
  if (src === BPF_PSEUDO_CALL) return `call ${destination(instruction, Number(imm))}`;
  if (src === BPF_PSEUDO_KFUNC_CALL) return `call ${kfunc ?? `kernel-function#${imm}`}`;
  const helper = helperName(Number(imm));
  return `call ${helper === undefined ? 'unknown' : `bpf_${helper}`}#${imm}`;
}

function formatLoad(instruction: Instruction): string | undefined {
  const mode = modeOf(instruction.opcode);
  if (mode !== BPF_MEM && mode !== BPF_MEMSX) return undefined;
  const sign = mode === BPF_MEMSX ? 's' : 'u';
  return `r${instruction.dst} = ${memory(instruction, sign, instruction.src)}`;
}

function formatStore(instruction: Instruction): string | undefined {
  const { opcode, src, dst, imm } = instruction;
  if (modeOf(opcode) === BPF_MEM) return `${memory(instruction, 'u', dst)} = r${src}`;
  if (modeOf(opcode) !== BPF_ATOMIC) return undefined;
  const place = memory(instruction, 'u', dst).slice(1);
  const suffix = sizeOf(opcode) === BPF_DW ? '64' : '';
  const operation = Number(imm);
  if (operation === BPF_CMPXCHG) return `r0 = atomic${suffix}_cmpxchg(${place}, r0, r${src})`;
  if (operation === BPF_XCHG) return `r${src} = atomic${suffix}_xchg(${place}, r${src})`;
  const name = fetchName.get(operation & ~BPF_FETCH);
  if (name === undefined) return undefined;
  if ((operation & BPF_FETCH) !== 0) {
    return `r${src} = atomic${suffix}_fetch_${name}(${place}, r${src})`;
  }
  return `lock *${place} ${arithmetic.get(operation) ?? ''} r${src}`;
}

function formatWideLoad(instruction: Instruction): string {
  const { dst, src, imm, map } = instruction;
  const value = BigInt.asUintN(64, BigInt(imm));
  const fd = BigInt.asUintN(32, value);
  switch (src) {
    case BPF_PSEUDO_MAP_FD:
      return `r${dst} = map[${map ?? `fd:${fd}`}]`;
    case BPF_PSEUDO_MAP_VALUE: {
      const offset = map === undefined ? value >> 32n : imm;
      return `r${dst} = map[${map ?? `fd:${fd}`}][0]+${offset}`;
    }
    case BPF_PSEUDO_FUNC:
      return `r${dst} = func ${destination(instruction, Number(BigInt.asIntN(32, value)))}`;
    default:
      return `r${dst} = 0x${value.toString(16)}`;
  }
}

/** The verifier prints a distance as `pc+3`; a label is easier to follow. */
function destination(instruction: Instruction, distance: number): string {
  return instruction.target ?? `pc${distance < 0 ? '' : '+'}${distance}`;
}

function memory(instruction: Instruction, sign: 'u' | 's', base: number): string {
  const { opcode, offset } = instruction;
  return `*(${sign}${width.get(sizeOf(opcode)) ?? ''} *)(r${base} ${offset < 0 ? '' : '+'}${offset})`;
}
