/**
 * Which registers hold a value that is still needed at the end of each block: backward data flow to a fixed point.
 * Most registers live inside one block and need no bit in the sets.
 */
import type { Block } from './control-flow.ts';
import type { VirtualRegister } from './ir.ts';
import { readsOf, writeOf } from './operand-access.ts';

interface BlockSets {
  /** Read before they are written here. */
  readonly exposed: ReadonlySet<VirtualRegister>;
  readonly written: ReadonlySet<VirtualRegister>;
}

/** Registers that are live when each block ends, by block index. */
export function liveOutOf(blocks: readonly Block[]): VirtualRegister[][] {
  const sets = blocks.map(blockSets);
  const shared = [...new Set(sets.flatMap(({ exposed }) => [...exposed]))];
  const bitOf = new Map(shared.map((register, bit) => [register, bit]));
  const bits = (registers: Iterable<VirtualRegister>): Uint32Array => {
    const result = new Uint32Array(Math.ceil(shared.length / 32));
    for (const register of registers) {
      const bit = bitOf.get(register);
      if (bit !== undefined) result[bit >> 5] = (result[bit >> 5] ?? 0) | (1 << (bit & 31));
    }
    return result;
  };
  const exposed = sets.map((set) => bits(set.exposed));
  const written = sets.map((set) => bits(set.written));
  const liveIn = exposed.map((set) => set.slice());
  const liveOut = blocks.map(() => bits([]));
  for (let changed = true; changed;) {
    changed = false;
    for (let index = blocks.length - 1; index >= 0; index--) {
      const out = liveOut[index] ?? bits([]);
      for (const successor of blocks[index]?.successors ?? []) merge(out, liveIn[successor]);
      changed = flow(liveIn[index], out, written[index]) || changed;
    }
  }
  return liveOut.map((set) =>
    shared.filter((_register, bit) => ((set[bit >> 5] ?? 0) & (1 << (bit & 31))) !== 0),
  );
}

function blockSets(block: Block): BlockSets {
  const exposed = new Set<VirtualRegister>();
  const written = new Set<VirtualRegister>();
  for (const { operation } of block.instructions) {
    for (const register of readsOf(operation)) {
      if (!written.has(register)) exposed.add(register);
    }
    const register = writeOf(operation);
    if (register !== undefined) written.add(register);
  }
  return { exposed, written };
}

function merge(into: Uint32Array, from: Uint32Array | undefined): void {
  from?.forEach((word, index) => {
    into[index] = (into[index] ?? 0) | word;
  });
}

/** `into |= out & ~written`; did that add anything? */
function flow(
  into: Uint32Array | undefined,
  out: Uint32Array,
  written: Uint32Array | undefined,
): boolean {
  let changed = false;
  if (into === undefined) return false;
  out.forEach((word, index) => {
    const before = into[index] ?? 0;
    const after = (before | (word & ~(written?.[index] ?? 0))) >>> 0;
    into[index] = after;
    changed ||= after !== before;
  });
  return changed;
}
