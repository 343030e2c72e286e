/** Where the slots of a program lie in its 512-byte stack frame. */
import type { IrSlot, StackSlot } from './ir.ts';

/** `MAX_BPF_STACK` of the kernel. */
export const FRAME_BYTES = 512;

export interface StackFrame {
  /** Offset of a slot's first byte from r10, negative. */
  offsetOf(slot: StackSlot): number;
  readonly sizeBytes: number;
}

export function layOutFrame(slots: readonly IrSlot[]): StackFrame {
  const offsets: number[] = [];
  let used = 0;
  for (const { sizeBytes } of slots) {
    used += sizeBytes;
    offsets.push(-used);
  }
  return { offsetOf: (slot) => offsets[slot] ?? 0, sizeBytes: used };
}
