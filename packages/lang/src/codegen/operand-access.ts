/** Which virtual registers an operation reads and writes. */
import type { Address, CallArgument, IrOperation, Operand, VirtualRegister } from './ir.ts';

/** Registers read, in no particular order; a register may be named twice. */
export function readsOf(operation: IrOperation): VirtualRegister[] {
  switch (operation.kind) {
    case 'entry':
    case 'map-value':
    case 'map-pointer':
    case 'label':
    case 'jump':
      return [];
    case 'move':
      return registersIn(operation.src);
    case 'arithmetic':
      return operation.operator === 'mov'
        ? registersIn(operation.src)
        : [operation.dst, ...registersIn(operation.src)];
    case 'swap':
      return [operation.dst];
    case 'load':
    case 'address-of':
      return registersIn(operation.address);
    case 'store':
      return [...registersIn(operation.address), ...registersIn(operation.value)];
    case 'atomic':
      return [...registersIn(operation.address), operation.value];
    case 'call':
      return operation.arguments.flatMap(registersIn);
    case 'branch':
      return [operation.left, ...registersIn(operation.right)];
    case 'return':
      return registersIn(operation.value);
  }
}

/** The register written, if any. */
export function writeOf(operation: IrOperation): VirtualRegister | undefined {
  switch (operation.kind) {
    case 'entry':
    case 'move':
    case 'arithmetic':
    case 'swap':
    case 'load':
    case 'address-of':
    case 'map-value':
    case 'map-pointer':
      return operation.dst;
    case 'atomic':
      return operation.fetch ? operation.value : undefined;
    case 'call':
      return operation.result;
    case 'store':
    case 'label':
    case 'jump':
    case 'branch':
    case 'return':
      return undefined;
  }
}

/** Does nothing but write its register, so that it can go when nobody reads that. */
export function isPure(operation: IrOperation): boolean {
  switch (operation.kind) {
    case 'entry':
    case 'move':
    case 'arithmetic':
    case 'swap':
    case 'load':
    case 'address-of':
    case 'map-value':
    case 'map-pointer':
      return true;
    case 'atomic':
    case 'call':
    case 'store':
    case 'label':
    case 'jump':
    case 'branch':
    case 'return':
      return false;
  }
}

function registersIn(operand: Operand | Address | CallArgument): VirtualRegister[] {
  if (typeof operand === 'number') return [operand];
  if (typeof operand === 'bigint' || operand.kind !== 'register') return [];
  return [operand.register];
}
