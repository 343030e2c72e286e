/** Moves registers that found no place into stack slots: loaded before each read, stored after each write. */
import type { InterferenceNode } from './interference.ts';
import type {
  Address,
  CallArgument,
  Comparison,
  IrInstruction,
  IrOperation,
  IrSlot,
  Operand,
  StackSlot,
  VirtualRegister,
} from './ir.ts';
import { readsOf, writeOf } from './operand-access.ts';

export interface Spilling {
  readonly instructions: IrInstruction[];
  /** Registers that live from a load to the operation after it: spilling them again would not help. */
  readonly temporaries: VirtualRegister[];
  readonly registerCount: number;
  readonly slots: readonly IrSlot[];
}

export function spill(
  program: {
    readonly instructions: readonly IrInstruction[];
    readonly registerCount: number;
    readonly slots: readonly IrSlot[];
  },
  spilled: readonly VirtualRegister[],
  nodes: ReadonlyMap<VirtualRegister, InterferenceNode>,
): Spilling {
  const slots = [...program.slots];
  const homes = assignHomes(spilled, nodes, slots);
  const temporaries: VirtualRegister[] = [];
  let { registerCount } = program;
  const temporary = (): VirtualRegister => {
    temporaries.push(registerCount);
    return registerCount++;
  };
  const instructions = program.instructions.flatMap(({ operation, source }) =>
    rewrite(operation, homes, temporary).map((rewritten) => ({ operation: rewritten, source })),
  );
  return { instructions, temporaries, registerCount, slots };
}

/** Registers that are never live together share a slot. */
function assignHomes(
  spilled: readonly VirtualRegister[],
  nodes: ReadonlyMap<VirtualRegister, InterferenceNode>,
  slots: IrSlot[],
): Map<VirtualRegister, StackSlot> {
  const homes = new Map<VirtualRegister, StackSlot>();
  const first = slots.length;
  for (const register of spilled) {
    const taken = new Set<StackSlot | undefined>();
    for (const neighbour of nodes.get(register)?.neighbours ?? []) taken.add(homes.get(neighbour));
    let slot = first;
    while (taken.has(slot)) slot++;
    while (slots.length <= slot) slots.push({ sizeBytes: 8 });
    homes.set(register, slot);
  }
  return homes;
}

function rewrite(
  operation: IrOperation,
  homes: ReadonlyMap<VirtualRegister, StackSlot>,
  temporary: () => VirtualRegister,
): IrOperation[] {
  const written = writeOf(operation);
  const reads = readsOf(operation);
  if (![written, ...reads].some((register) => register !== undefined && homes.has(register))) {
    return [operation];
  }
  if (operation.kind === 'move') return rewriteMove(operation, homes, temporary);
  const home = (register: VirtualRegister): Address | undefined => {
    const slot = homes.get(register);
    return slot === undefined ? undefined : { kind: 'slot', slot, offset: 0 };
  };
  const replacements = new Map<VirtualRegister, VirtualRegister>();
  const before: IrOperation[] = [];
  // Arguments of calls are loaded straight into the argument's register when it is emitted.
  for (const register of operation.kind === 'call' ? addressRegisters(operation) : reads) {
    const address = home(register);
    if (address === undefined || replacements.has(register)) continue;
    const dst = temporary();
    replacements.set(register, dst);
    before.push({ kind: 'load', size: 8, dst, address });
  }
  const after: IrOperation[] = [];
  if (written !== undefined) {
    const address = home(written);
    if (address !== undefined) {
      const value = replacements.get(written) ?? temporary();
      replacements.set(written, value);
      after.push({ kind: 'store', size: 8, address, value });
    }
  }
  const renamed = rename(operation, replacements, homes);
  if (operation.kind === 'branch' && renamed.kind === 'branch') {
    return [...before, ...keepBound(renamed, home(operation.left))];
  }
  return [...before, renamed, ...after];
}

/** Orders between numbers, and what holds where they do not. */
const OPPOSITES: Partial<Record<Comparison, Comparison>> = {
  gt: 'le',
  le: 'gt',
  ge: 'lt',
  lt: 'ge',
  sgt: 'sle',
  sle: 'sgt',
  sge: 'slt',
  slt: 'sge',
};

/**
 * What a comparison with a constant tells about a number, the verifier learns of the register. Before Linux 6.8 it does not
 * of the slot that the register was loaded from: it is stored again, wherever the branch goes.
 */
function keepBound(
  branch: Extract<IrOperation, { kind: 'branch' }>,
  home: Address | undefined,
): IrOperation[] {
  const opposite = OPPOSITES[branch.comparison];
  if (home === undefined || opposite === undefined || typeof branch.right === 'number') {
    return [branch];
  }
  const store: IrOperation = { kind: 'store', size: 8, address: home, value: branch.left };
  // The number of the temporary makes the name the only one.
  const stays = `${branch.target}_not_by_${branch.left}`;
  return [
    { ...branch, comparison: opposite, target: stays },
    store,
    { kind: 'jump', target: branch.target },
    { kind: 'label', name: stays },
    store,
  ];
}

function rewriteMove(
  move: Extract<IrOperation, { kind: 'move' }>,
  homes: ReadonlyMap<VirtualRegister, StackSlot>,
  temporary: () => VirtualRegister,
): IrOperation[] {
  const { dst, src } = move;
  const from = typeof src === 'number' ? homes.get(src) : undefined;
  const to = homes.get(dst);
  if (to === undefined && from !== undefined) {
    return [{ kind: 'load', size: 8, dst, address: { kind: 'slot', slot: from, offset: 0 } }];
  }
  if (to === undefined) return [move];
  if (to === from) return [];
  const address: Address = { kind: 'slot', slot: to, offset: 0 };
  if (from === undefined && (typeof src === 'number' || BigInt.asIntN(32, src) === src)) {
    return [{ kind: 'store', size: 8, address, value: src }];
  }
  const value = temporary();
  const load: IrOperation =
    from === undefined
      ? { kind: 'move', dst: value, src }
      : { kind: 'load', size: 8, dst: value, address: { kind: 'slot', slot: from, offset: 0 } };
  return [load, { kind: 'store', size: 8, address, value }];
}

function addressRegisters(call: Extract<IrOperation, { kind: 'call' }>): VirtualRegister[] {
  return call.arguments.flatMap((argument) =>
    typeof argument === 'object' && argument.kind === 'register' ? [argument.register] : [],
  );
}

/** The operation with registers replaced, and spilled arguments of calls taken from their slots. */
function rename(
  operation: IrOperation,
  replacements: ReadonlyMap<VirtualRegister, VirtualRegister>,
  homes: ReadonlyMap<VirtualRegister, StackSlot>,
): IrOperation {
  const register = (old: VirtualRegister): VirtualRegister => replacements.get(old) ?? old;
  const operand = (old: Operand): Operand => (typeof old === 'number' ? register(old) : old);
  const address = (old: Address): Address =>
    old.kind === 'register' ? { ...old, register: register(old.register) } : old;
  const argument = (old: CallArgument): CallArgument => {
    if (typeof old === 'number') {
      const slot = homes.get(old);
      return slot === undefined ? old : { kind: 'spilled', slot };
    }
    if (typeof old === 'object' && old.kind === 'register') return address(old);
    return old;
  };
  switch (operation.kind) {
    case 'entry':
    case 'swap':
    case 'map-value':
    case 'map-pointer':
      return { ...operation, dst: register(operation.dst) };
    case 'move':
    case 'arithmetic':
      return { ...operation, dst: register(operation.dst), src: operand(operation.src) };
    case 'load':
    case 'address-of':
      return {
        ...operation,
        dst: register(operation.dst),
        address: address(operation.address),
      };
    case 'store':
      return {
        ...operation,
        address: address(operation.address),
        value: operand(operation.value),
      };
    case 'atomic':
      return {
        ...operation,
        address: address(operation.address),
        value: register(operation.value),
      };
    case 'call':
      return {
        ...operation,
        arguments: operation.arguments.map(argument),
        result: operation.result === undefined ? undefined : register(operation.result),
      };
    case 'branch':
      return { ...operation, left: register(operation.left), right: operand(operation.right) };
    case 'return':
      return { ...operation, value: operand(operation.value) };
    case 'label':
    case 'jump':
      return operation;
  }
}
