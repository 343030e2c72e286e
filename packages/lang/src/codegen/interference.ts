/**
 * Which virtual registers may not share a machine register, which machine registers each may not have, and which it
 * would like; found in one backward walk that also drops computations nobody reads.
 */
import type { Register } from '@bpfleet/bpf/asm';
import { controlFlow } from './control-flow.ts';
import type { IrInstruction, IrOperation, IrFunction, VirtualRegister } from './ir.ts';
import { liveOutOf } from './liveness.ts';
import { isPure, readsOf, writeOf } from './operand-access.ts';

export interface InterferenceNode {
  readonly neighbours: Set<VirtualRegister>;
  /** Live across a helper call, which destroys r0 to r5. */
  crossesCall: boolean;
  readonly wishes: Set<Register>;
  /** Registers in which arguments are that have not been taken yet. */
  readonly forbidden: Set<Register>;
  /** Copied to or from these: the copy goes when both get the same register. */
  readonly copies: Set<VirtualRegister>;
  /** Reads and writes. */
  uses: number;
}

export interface Interference {
  readonly nodes: ReadonlyMap<VirtualRegister, InterferenceNode>;
  /** The program without dead code. */
  readonly instructions: readonly IrInstruction[];
}

export function interference(program: IrFunction): Interference {
  const blocks = controlFlow(program);
  const liveOut = liveOutOf(blocks);
  const nodes = new Map<VirtualRegister, InterferenceNode>();
  const kept = blocks.map((block, index) =>
    walkBackward(block.instructions, new Set(liveOut[index]), nodes),
  );
  return { nodes, instructions: kept.flat() };
}

function walkBackward(
  instructions: readonly IrInstruction[],
  live: Set<VirtualRegister>,
  nodes: Map<VirtualRegister, InterferenceNode>,
): IrInstruction[] {
  const kept: IrInstruction[] = [];
  const pending: Register[] = [];
  for (const instruction of instructions.toReversed()) {
    const { operation } = instruction;
    const written = writeOf(operation);
    if (written !== undefined && !live.has(written) && isPure(operation)) continue;
    kept.push(instruction);
    if (operation.kind === 'entry') {
      for (const register of pending) nodeOf(nodes, operation.dst).forbidden.add(register);
      pending.push((operation.argument + 1) as Register);
    }
    if (written !== undefined) recordWrite(operation, written, live, nodes);
    if (operation.kind === 'call') {
      for (const register of live) nodeOf(nodes, register).crossesCall = true;
    }
    for (const register of readsOf(operation)) {
      live.add(register);
      nodeOf(nodes, register).uses++;
    }
    recordWishes(operation, nodes);
  }
  return kept.toReversed();
}

function recordWrite(
  operation: IrOperation,
  written: VirtualRegister,
  live: Set<VirtualRegister>,
  nodes: Map<VirtualRegister, InterferenceNode>,
): void {
  const node = nodeOf(nodes, written);
  node.uses++;
  // A copy holds the same value as its source, so the two may share a register.
  const source = operation.kind === 'move' ? operation.src : undefined;
  for (const other of live) {
    if (other === written || other === source) continue;
    node.neighbours.add(other);
    nodeOf(nodes, other).neighbours.add(written);
  }
  live.delete(written);
}

function recordWishes(operation: IrOperation, nodes: Map<VirtualRegister, InterferenceNode>): void {
  if (operation.kind === 'entry') {
    nodeOf(nodes, operation.dst).wishes.add((operation.argument + 1) as Register);
  }
  if (operation.kind === 'return' && typeof operation.value === 'number') {
    nodeOf(nodes, operation.value).wishes.add(0);
  }
  if (operation.kind === 'move' && typeof operation.src === 'number') {
    nodeOf(nodes, operation.dst).copies.add(operation.src);
    nodeOf(nodes, operation.src).copies.add(operation.dst);
  }
  if (operation.kind !== 'call') return;
  if (operation.result !== undefined) nodeOf(nodes, operation.result).wishes.add(0);
  operation.arguments.forEach((argument, index) => {
    if (typeof argument === 'number') {
      nodeOf(nodes, argument).wishes.add((index + 1) as Register);
    }
  });
}

function nodeOf(
  nodes: Map<VirtualRegister, InterferenceNode>,
  register: VirtualRegister,
): InterferenceNode {
  const found = nodes.get(register);
  if (found !== undefined) return found;
  const node: InterferenceNode = {
    neighbours: new Set(),
    crossesCall: false,
    wishes: new Set(),
    forbidden: new Set(),
    copies: new Set(),
    uses: 0,
  };
  nodes.set(register, node);
  return node;
}
