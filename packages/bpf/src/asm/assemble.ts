/** Instructions with labels and names to the bytes that `BPF_PROG_LOAD` takes. */
import type { Instruction } from './instruction.ts';
import { invariant } from './internal-error.ts';
import {
  BPF_PSEUDO_CALL,
  BPF_PSEUDO_FUNC,
  BPF_PSEUDO_KFUNC_CALL,
  BPF_PSEUDO_MAP_FD,
  BPF_PSEUDO_MAP_VALUE,
  CALL,
  JUMP,
  JUMP_LONG,
  LD_IMM64,
  SLOT_BYTES,
} from './opcode.ts';
import { slotOffsets } from './slot-offsets.ts';

/** Where the names in instructions lead on the machine the program is loaded on. */
export interface Resolver {
  /** Descriptor of the map with this name in `MapSpec.name`. */
  mapFd(name: string): number;
  /** BTF id of a kernel function, and the index in `fd_array` of its module's BTF (0 for vmlinux). */
  kfunc?(name: string): { readonly btfId: number; readonly fdIndex: number };
}

export interface Assembly {
  readonly bytes: Uint8Array;
  /** Slot number of each instruction, and after the last the number of slots in all. */
  readonly offsets: readonly number[];
}

/** Resolves every name to 0: for looking at code rather than loading it. */
export const UNRESOLVED: Resolver = {
  mapFd: () => 0,
  kfunc: () => ({ btfId: 0, fdIndex: 0 }),
};

interface Encoding {
  readonly opcode: number;
  readonly src: number;
  readonly offset: number;
  readonly low: number;
  /** Immediate of the second slot, where there is one. */
  readonly high?: number;
}

/**
 * Resolves labels, maps and kernel functions.
 * @throws InternalError for a label that is missing or defined twice, a field that does not fit, or a conditional
 * jump over more than 32,767 slots; an unconditional one becomes `gotol` (kernel 6.6).
 */
export function assemble(instructions: readonly Instruction[], resolve: Resolver): Assembly {
  const offsets = slotOffsets(instructions);
  const labels = labelSlots(instructions, offsets);
  const slotCount = offsets.at(-1) ?? 0;
  const bytes = new Uint8Array(slotCount * SLOT_BYTES);
  const view = new DataView(bytes.buffer);
  instructions.forEach((instruction, index) => {
    const slot = offsets[index] ?? 0;
    const encoding = encode(instruction, slot, labels, resolve);
    let at = slot * SLOT_BYTES;
    view.setUint8(at, encoding.opcode);
    view.setUint8(at + 1, instruction.dst | (encoding.src << 4));
    view.setInt16(at + 2, encoding.offset, true);
    view.setInt32(at + 4, encoding.low, true);
    if (encoding.high === undefined) return;
    at += SLOT_BYTES;
    view.setInt32(at + 4, encoding.high, true);
  });
  return { bytes, offsets };
}

function labelSlots(
  instructions: readonly Instruction[],
  offsets: readonly number[],
): ReadonlyMap<string, number> {
  const labels = new Map<string, number>();
  instructions.forEach(({ label }, index) => {
    if (label === undefined) return;
    invariant(!labels.has(label), `assemble: label ${label} is defined twice`);
    labels.set(label, offsets[index] ?? 0);
  });
  return labels;
}

function encode(
  instruction: Instruction,
  slot: number,
  labels: ReadonlyMap<string, number>,
  resolve: Resolver,
): Encoding {
  const { opcode, src } = instruction;
  invariant(src >= 0 && src <= 15, `assemble: source register ${src} at slot ${slot}`);
  if (opcode === LD_IMM64) return encodeWideLoad(instruction, slot, labels, resolve);
  if (opcode === CALL && src === BPF_PSEUDO_KFUNC_CALL) {
    return encodeKfuncCall(instruction, slot, resolve);
  }
  const { imm } = instruction;
  invariant(typeof imm === 'number', `assemble: 64-bit immediate at slot ${slot}`);
  if (instruction.target === undefined) {
    const offset = fitInt(instruction.offset, 16, slot);
    return { opcode, src, offset, low: fitInt(imm, 32, slot) };
  }
  const distance = slotOf(instruction.target, labels, slot) - (slot + 1);
  if (opcode === CALL) {
    invariant(src === BPF_PSEUDO_CALL, `assemble: helper call with a label at slot ${slot}`);
    return { opcode, src, offset: 0, low: distance };
  }
  if (opcode === JUMP_LONG || (opcode === JUMP && !fits(distance, 16))) {
    return { opcode: JUMP_LONG, src, offset: 0, low: distance };
  }
  const offset = fitInt(distance, 16, slot);
  return { opcode, src, offset, low: fitInt(imm, 32, slot) };
}

function encodeWideLoad(
  instruction: Instruction,
  slot: number,
  labels: ReadonlyMap<string, number>,
  resolve: Resolver,
): Encoding {
  const { opcode, src, imm, map, target } = instruction;
  const wide = { opcode, src, offset: 0 };
  if (src === BPF_PSEUDO_MAP_FD || src === BPF_PSEUDO_MAP_VALUE) {
    invariant(map !== undefined, `assemble: map load without a map at slot ${slot}`);
    const high = src === BPF_PSEUDO_MAP_VALUE ? fitInt(Number(imm), 32, slot) : 0;
    return { ...wide, low: resolve.mapFd(map), high };
  }
  if (src === BPF_PSEUDO_FUNC) {
    invariant(target !== undefined, `assemble: function load without a label at slot ${slot}`);
    return { ...wide, low: slotOf(target, labels, slot) - (slot + 1), high: 0 };
  }
  const value = BigInt(imm);
  invariant(
    value === BigInt.asIntN(64, value) || value === BigInt.asUintN(64, value),
    `assemble: ${value} does not fit 64 bits at slot ${slot}`,
  );
  return {
    ...wide,
    low: Number(BigInt.asIntN(32, value)),
    high: Number(BigInt.asIntN(32, value >> 32n)),
  };
}

function encodeKfuncCall(instruction: Instruction, slot: number, resolve: Resolver): Encoding {
  const { opcode, src, kfunc } = instruction;
  invariant(kfunc !== undefined, `assemble: kernel function call without a name at slot ${slot}`);
  invariant(resolve.kfunc !== undefined, `assemble: no resolver for kernel function ${kfunc}`);
  const { btfId, fdIndex } = resolve.kfunc(kfunc);
  return { opcode, src, offset: fitInt(fdIndex, 16, slot), low: btfId };
}

function slotOf(label: string, labels: ReadonlyMap<string, number>, slot: number): number {
  const found = labels.get(label);
  invariant(found !== undefined, `assemble: label ${label} at slot ${slot} is not defined`);
  return found;
}

function fits(value: number, bits: 16 | 32): boolean {
  const limit = 2 ** (bits - 1);
  return Number.isInteger(value) && value >= -limit && value < limit;
}

function fitInt(value: number, bits: 16 | 32, slot: number): number {
  invariant(fits(value, bits), `assemble: ${value} does not fit s${bits} at slot ${slot}`);
  return value;
}
