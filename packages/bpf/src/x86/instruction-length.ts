/** How long instructions of x86-64 are: whether a probe's place is the start of one. */
import { primary, secondary, type Immediate, type OpcodeShape } from './opcode-shape.ts';

/** No instruction is longer. */
const MAX_BYTES = 15;
/** Segments, lock and repeat; of the sizes only that of operands and of addresses matter. */
const PREFIXES: ReadonlySet<number> = new Set([
  0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0xf0, 0xf2, 0xf3,
]);
const OPERAND_SIZE = 0x66;
const ADDRESS_SIZE = 0x67;
const WITH_MODRM: OpcodeShape = { modRm: true, immediate: 0 };
const WITH_MODRM_AND_BYTE: OpcodeShape = { modRm: true, immediate: 1 };

interface Prefixes {
  shortOperand: boolean;
  shortAddress: boolean;
  wide: boolean;
}

/**
 * Whether an instruction starts at an offset of a function, whose code is read from its start. Undefined where there is
 * something before it that is no known instruction.
 */
export function isInstructionStart(code: Uint8Array, offset: number): boolean | undefined {
  let at = 0;
  while (at < offset) {
    const length = instructionLength(code, at);
    if (length === undefined) return undefined;
    at += length;
  }
  return at === offset;
}

/** Bytes of the instruction that starts at an offset; undefined for none that is known. */
export function instructionLength(code: Uint8Array, start: number): number | undefined {
  const prefixes: Prefixes = { shortOperand: false, shortAddress: false, wide: false };
  let at = start;
  for (; at < start + MAX_BYTES; at++) {
    const byte = code[at];
    if (byte === OPERAND_SIZE) prefixes.shortOperand = true;
    else if (byte === ADDRESS_SIZE) prefixes.shortAddress = true;
    else if (byte === undefined || !PREFIXES.has(byte)) break;
  }
  if (((code[at] ?? 0) & 0xf0) === 0x40) prefixes.wide = ((code[at++] ?? 0) & 8) !== 0;
  const opcode = readOpcode(code, at);
  if (opcode?.shape === undefined) return undefined;
  const { shape } = opcode;
  const modRmAt = opcode.end;
  const operands = shape.modRm ? modRmBytes(code, modRmAt) : 0;
  const register = ((code[modRmAt] ?? 0) >> 3) & 7;
  const end = modRmAt + operands + immediateBytes(shape.immediate, prefixes, register);
  return end > code.length || end - start > MAX_BYTES ? undefined : end - start;
}

/** Where the opcode ends, and what follows it. */
function readOpcode(
  code: Uint8Array,
  at: number,
): { readonly end: number; readonly shape: OpcodeShape | undefined } | undefined {
  const [first, second = 0, third = 0] = code.subarray(at, at + 3);
  switch (first) {
    case undefined:
      return undefined;
    case 0x0f:
      if (second === 0x38) return { end: at + 3, shape: WITH_MODRM };
      if (second === 0x3a) return { end: at + 3, shape: WITH_MODRM_AND_BYTE };
      return { end: at + 2, shape: secondary[second] };
    case 0xc5:
      return { end: at + 3, shape: secondary[third] };
    case 0xc4:
      return { end: at + 4, shape: mapped(second & 0x1f, code[at + 3] ?? 0) };
    case 0x62: {
      const shape = mapped(second & 7, code[at + 4] ?? 0);
      return { end: at + 5, shape };
    }
    case 0x8f:
      if ((second & 0x1f) >= 8) {
        const immediates = [1, 0, 4] as const;
        const immediate = immediates[(second & 0x1f) - 8];
        return {
          end: at + 4,
          shape: immediate === undefined ? undefined : { modRm: true, immediate },
        };
      }
      return { end: at + 1, shape: primary[first] };
    default:
      return { end: at + 1, shape: primary[first] };
  }
}

/** By the number that VEX and EVEX prefixes have for 0F, 0F 38 and 0F 3A, and for those of half-precision numbers. */
function mapped(map: number, opcode: number): OpcodeShape | undefined {
  if (map === 1) return secondary[opcode];
  if (map === 2 || map === 5 || map === 6) return WITH_MODRM;
  return map === 3 ? WITH_MODRM_AND_BYTE : undefined;
}

/** The ModRM byte itself, what may follow it to make an address, and the distance. */
function modRmBytes(code: Uint8Array, at: number): number {
  const modRm = code[at] ?? 0;
  const mode = modRm >> 6;
  const base = modRm & 7;
  if (mode === 3) return 1;
  const hasIndex = base === 4;
  const lastBase = hasIndex ? (code[at + 1] ?? 0) & 7 : base;
  const distance = mode === 1 ? 1 : mode === 2 || lastBase === 5 ? 4 : 0;
  return 1 + (hasIndex ? 1 : 0) + distance;
}

function immediateBytes(immediate: Immediate, prefixes: Prefixes, register: number): number {
  const { shortOperand, shortAddress, wide } = prefixes;
  const operand = shortOperand && !wide ? 2 : 4;
  switch (immediate) {
    case 'operand':
      return operand;
    case 'full':
      return wide ? 8 : operand;
    case 'address':
      return shortAddress ? 4 : 8;
    case 'test-byte':
      return register < 2 ? 1 : 0;
    case 'test-operand':
      return register < 2 ? operand : 0;
    default:
      return immediate;
  }
}
