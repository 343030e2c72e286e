/** Where instructions lie in a program: wide loads take two slots, all others one. */
import type { Instruction } from './instruction.ts';
import { LD_IMM64 } from './opcode.ts';

/** Slot number of each instruction, and after the last the number of slots in all. */
export function slotOffsets(instructions: readonly Instruction[]): number[] {
  const offsets: number[] = [];
  let slot = 0;
  for (const instruction of instructions) {
    offsets.push(slot);
    slot += instruction.opcode === LD_IMM64 ? 2 : 1;
  }
  offsets.push(slot);
  return offsets;
}
