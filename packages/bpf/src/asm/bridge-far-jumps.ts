/**
 * Jumps reach 32,767 slots. In a longer function those that go farther are led over islands: jumps between its instructions,
 * around which the function itself goes. Kernels before 6.6 have no longer jump, and no kernel a longer conditional one.
 */
import { ja, labelled } from './build-jump.ts';
import type { Instruction } from './instruction.ts';
import { CALL, EXIT, JUMP, LD_IMM64 } from './opcode.ts';
import { slotOffsets } from './slot-offsets.ts';

/**
 * So far a jump goes by itself; the rest is left to the islands that come to lie between, and to what the kernel writes in the
 * place of single instructions: up to twenty for the call of a helper. It must still reach its target then.
 */
const REACH_SLOTS = 10_000;
const SPACING_SLOTS = 4000;

interface Island {
  /** Index of the instruction before which it lies. */
  readonly index: number;
  readonly slot: number;
  /** By the label that is jumped to in the end: the label here, and the one that it leads to. */
  readonly bridges: Map<string, { readonly label: string; next: string }>;
}

/** `instructions`: one function, whose jumps stay inside it. */
export function bridgeFarJumps(instructions: readonly Instruction[]): readonly Instruction[] {
  const offsets = slotOffsets(instructions);
  if ((offsets.at(-1) ?? 0) <= REACH_SLOTS) return instructions;
  const targets = new Map<string, number>();
  instructions.forEach(({ label }, index) => {
    if (label !== undefined) targets.set(label, offsets[index] ?? 0);
  });
  const islands = makeIslands(offsets);
  const lead = (from: number, label: string): string => {
    const to = targets.get(label) ?? from;
    if (Math.abs(to - from) <= REACH_SLOTS) return label;
    const island =
      to > from
        ? islands.findLast(({ slot }) => slot <= from + REACH_SLOTS)
        : islands.find(({ slot }) => slot >= from - REACH_SLOTS);
    if (island === undefined) return label;
    const known = island.bridges.get(label);
    if (known !== undefined) return known.label;
    const bridge = { label: `${label}.${island.index}`, next: label };
    island.bridges.set(label, bridge);
    bridge.next = lead(island.slot, label);
    return bridge.label;
  };
  const led = instructions.map((instruction, index) => {
    const { target } = instruction;
    if (target === undefined || !isJump(instruction)) return instruction;
    const next = lead(offsets[index] ?? 0, target);
    return next === target ? instruction : { ...instruction, target: next };
  });
  return withIslands(led, islands);
}

function isJump({ opcode }: Instruction): boolean {
  return opcode !== CALL && opcode !== LD_IMM64;
}

function makeIslands(offsets: readonly number[]): readonly Island[] {
  const islands: Island[] = [];
  let next = SPACING_SLOTS;
  // After the last instruction there is nothing to go around to.
  offsets.slice(0, -1).forEach((slot, index) => {
    if (slot < next) return;
    islands.push({ index, slot, bridges: new Map() });
    next = slot + SPACING_SLOTS;
  });
  return islands;
}

function withIslands(
  instructions: readonly Instruction[],
  islands: readonly Island[],
): readonly Instruction[] {
  const byIndex = new Map(islands.map((island) => [island.index, island]));
  return instructions.flatMap((instruction, index) => {
    const bridges = [...(byIndex.get(index)?.bridges.values() ?? [])];
    if (bridges.length === 0) return [instruction];
    const around = instruction.label ?? `around.${index}`;
    const before = instructions[index - 1];
    const entered = before?.opcode !== JUMP && before?.opcode !== EXIT;
    return [
      // The verifier refuses code that nothing reaches.
      ...(entered ? [ja(around)] : []),
      ...bridges.map(({ label, next }) => labelled(label, ja(next))),
      labelled(around, instruction),
    ];
  });
}
