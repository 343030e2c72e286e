/** Slots that no instruction names any more take no room in the frame. */
import type { CallArgument, IrInstruction, IrOperation, IrSlot, StackSlot } from './ir.ts';

export function usedSlots(
  instructions: readonly IrInstruction[],
  slots: readonly IrSlot[],
): IrSlot[] {
  const used = new Set(instructions.flatMap(({ operation }) => slotsIn(operation)));
  return slots.map((slot, index) => (used.has(index) ? slot : { sizeBytes: 0 }));
}

function slotsIn(operation: IrOperation): StackSlot[] {
  switch (operation.kind) {
    case 'load':
    case 'store':
    case 'atomic':
    case 'address-of':
      return slotOf(operation.address);
    case 'call':
      return operation.arguments.flatMap(slotOf);
    default:
      return [];
  }
}

function slotOf(argument: CallArgument): StackSlot[] {
  if (typeof argument !== 'object') return [];
  return argument.kind === 'slot' || argument.kind === 'spilled' ? [argument.slot] : [];
}
