/** The session's loss counters, one set for each CPU. */
import { KERNEL_MAPS } from '../session-spec.ts';
import type { VirtualRegister } from './ir.ts';
import type { Lowering } from './lowering.ts';
import { inScope, pointing } from './memory.ts';

/** Which element of `losses` counts what. */
export const LOSS = { ringFull: 0, mapUpdate: 1, scratchBusy: 2 } as const;

/** Counts one loss; the new count, or 0 if there is nowhere to count. */
export function countLoss(l: Lowering, loss: keyof typeof LOSS): VirtualRegister {
  return inScope(l, () => {
    // Of the stack in any case: scratch may be what cannot be had.
    const key = l.b.onStack(4);
    l.b.store(4, key, 0n);
    const losses = l.b.call('map_lookup_elem', { kind: 'map', map: KERNEL_MAPS.losses }, key);
    const missing = l.b.label('no_losses');
    const count = l.b.copy(0n);
    l.b.branch('eq', losses, 0n, missing);
    const counter = pointing(losses, LOSS[loss] * 8);
    l.b.move(count, l.b.load(8, counter));
    l.b.apply('add', count, 1n);
    l.b.store(8, counter, count);
    l.b.place(missing);
    return count;
  });
}
