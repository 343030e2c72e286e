/**
 * Graph colouring after Chaitin and Briggs: registers that are easy to place are set aside first and placed last;
 * those for which nothing is free in the end are spilled.
 */
import type { Register } from '@bpfleet/bpf/asm';
import type { InterferenceNode } from './interference.ts';
import type { VirtualRegister } from './ir.ts';

/** Registers that helpers preserve. */
const PRESERVED: readonly Register[] = [6, 7, 8, 9];
/** The preserved ones last, to leave them to values that need them. */
const ALL: readonly Register[] = [0, 1, 2, 3, 4, 5, ...PRESERVED];

export interface Colouring {
  readonly assigned: ReadonlyMap<VirtualRegister, Register>;
  readonly spilled: readonly VirtualRegister[];
}

/** Registers in `pinned` are never chosen to be spilled. */
export function colour(
  nodes: ReadonlyMap<VirtualRegister, InterferenceNode>,
  pinned: ReadonlySet<VirtualRegister>,
): Colouring {
  const assigned = new Map<VirtualRegister, Register>();
  const spilled: VirtualRegister[] = [];
  for (const register of simplify(nodes, pinned).toReversed()) {
    const node = nodes.get(register);
    if (node === undefined) continue;
    const choice = choose(node, assigned);
    if (choice === undefined) spilled.push(register);
    else assigned.set(register, choice);
  }
  return { assigned, spilled };
}

function allowed(node: InterferenceNode): readonly Register[] {
  const registers = node.crossesCall ? PRESERVED : ALL;
  if (node.forbidden.size === 0) return registers;
  return registers.filter((register) => !node.forbidden.has(register));
}

/** The order in which registers are set aside. */
function simplify(
  nodes: ReadonlyMap<VirtualRegister, InterferenceNode>,
  pinned: ReadonlySet<VirtualRegister>,
): VirtualRegister[] {
  const degrees = new Map([...nodes].map(([register, node]) => [register, node.neighbours.size]));
  const order: VirtualRegister[] = [];
  const isEasy = (register: VirtualRegister): boolean => {
    const node = nodes.get(register);
    return node !== undefined && (degrees.get(register) ?? 0) < allowed(node).length;
  };
  const easy = [...degrees.keys()].filter(isEasy);
  while (degrees.size > 0) {
    const register = easy.pop() ?? cheapestToSpill(nodes, degrees, pinned);
    if (!degrees.delete(register)) continue;
    order.push(register);
    for (const neighbour of nodes.get(register)?.neighbours ?? []) {
      const degree = degrees.get(neighbour);
      if (degree === undefined) continue;
      degrees.set(neighbour, degree - 1);
      if (isEasy(neighbour)) easy.push(neighbour);
    }
  }
  return order;
}

function cheapestToSpill(
  nodes: ReadonlyMap<VirtualRegister, InterferenceNode>,
  degrees: ReadonlyMap<VirtualRegister, number>,
  pinned: ReadonlySet<VirtualRegister>,
): VirtualRegister {
  let best = -1;
  let bestCost = Infinity;
  for (const [register, degree] of degrees) {
    const cost = pinned.has(register)
      ? Number.MAX_VALUE
      : (nodes.get(register)?.uses ?? 0) / (degree + 1);
    if (cost >= bestCost) continue;
    best = register;
    bestCost = cost;
  }
  return best;
}

function choose(
  node: InterferenceNode,
  assigned: ReadonlyMap<VirtualRegister, Register>,
): Register | undefined {
  const taken = new Set<Register | undefined>();
  for (const neighbour of node.neighbours) taken.add(assigned.get(neighbour));
  const free = allowed(node).filter((register) => !taken.has(register));
  const wished = free.find((register) => node.wishes.has(register));
  if (wished !== undefined) return wished;
  for (const copy of node.copies) {
    const register = assigned.get(copy);
    if (register !== undefined && free.includes(register)) return register;
  }
  return free[0];
}
