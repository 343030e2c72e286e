/**
 * Which registers hold a value that is still needed at the end of each block: from each read back to where the value comes
 * from. The work is as much as the answer is long, for most registers live in few blocks.
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
export function liveOutOf(blocks: readonly Block[]): ReadonlySet<VirtualRegister>[] {
  const sets = blocks.map(blockSets);
  const predecessors = predecessorsOf(blocks);
  const liveOut = blocks.map(() => new Set<VirtualRegister>());
  for (const [index, { exposed }] of sets.entries()) {
    for (const register of exposed) {
      const pending = [index];
      for (let block = pending.pop(); block !== undefined; block = pending.pop()) {
        for (const before of predecessors[block] ?? []) {
          const live = liveOut[before];
          if (live === undefined || live.has(register)) continue;
          live.add(register);
          const set = sets[before];
          // Where it is exposed as well, a walk of its own begins.
          if (set?.written.has(register) === false && !set.exposed.has(register)) {
            pending.push(before);
          }
        }
      }
    }
  }
  return liveOut;
}

function predecessorsOf(blocks: readonly Block[]): readonly (readonly number[])[] {
  const predecessors = blocks.map((): number[] => []);
  for (const [index, { successors }] of blocks.entries()) {
    for (const successor of successors) predecessors[successor]?.push(index);
  }
  return predecessors;
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
