/** Program bytes back to instructions; labels and names are gone, numbers remain. */
import type { Instruction, Register } from './instruction.ts';
import { LD_IMM64, SLOT_BYTES } from './opcode.ts';

/** Total: bytes past the last whole slot are ignored, register fields above 10 keep their number. */
export function decodeInstructions(bytes: Uint8Array): Instruction[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const slotCount = Math.floor(bytes.byteLength / SLOT_BYTES);
  const instructions: Instruction[] = [];
  for (let slot = 0; slot < slotCount; slot++) {
    const at = slot * SLOT_BYTES;
    const opcode = view.getUint8(at);
    const registers = view.getUint8(at + 1);
    let imm: number | bigint = view.getInt32(at + 4, true);
    if (opcode === LD_IMM64 && slot + 1 < slotCount) {
      slot++;
      const high = view.getInt32(at + SLOT_BYTES + 4, true);
      imm = (BigInt(high) << 32n) | BigInt.asUintN(32, BigInt(imm));
    }
    instructions.push({
      opcode,
      dst: (registers & 0x0f) as Register,
      src: registers >> 4,
      offset: view.getInt16(at + 2, true),
      imm,
    });
  }
  return instructions;
}
