/** Gives each virtual register a machine register, spilling to stack slots until all the rest have one. */
import { invariant, type Register } from '@bpfleet/bpf/asm';
import { colour } from './colour.ts';
import { interference } from './interference.ts';
import type { IrFunction, IrInstruction, IrSlot, VirtualRegister } from './ir.ts';
import { spill } from './spill.ts';

export interface AllocatedProgram {
  /** Without dead code, with loads and stores of spilled registers. */
  readonly instructions: readonly IrInstruction[];
  readonly registers: ReadonlyMap<VirtualRegister, Register>;
  readonly slots: readonly IrSlot[];
}

/** Each round spills at least one register, and those it adds live too briefly to be spilled again. */
const MAX_ROUNDS = 50;

export function allocateRegisters(program: IrFunction): AllocatedProgram {
  let current = program;
  const pinned = new Set<VirtualRegister>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const graph = interference(current);
    const { assigned, spilled } = colour(graph.nodes, pinned);
    if (spilled.length === 0) {
      return { instructions: graph.instructions, registers: assigned, slots: current.slots };
    }
    invariant(
      !spilled.some((register) => pinned.has(register)),
      'allocate registers: no register for one operand',
    );
    const pruned = { ...current, instructions: graph.instructions };
    const next = spill(pruned, spilled, graph.nodes);
    for (const register of next.temporaries) pinned.add(register);
    current = next;
  }
  invariant(false, 'allocate registers: spilling does not end');
}
