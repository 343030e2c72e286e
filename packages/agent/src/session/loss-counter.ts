/** Counters of losses that the programs keep for each CPU, in `KERNEL_MAPS.losses`. */
import type { BpfMap } from '@bpfleet/bpf';

/** By their places. */
export const LOSS_COUNTERS = { ringFull: 0, mapUpdate: 1, scratchBusy: 2 } as const;

/** Over all CPUs. */
export function lossCounter(map: BpfMap, counter: keyof typeof LOSS_COUNTERS): number {
  const value = map.lookup(new Uint8Array(4));
  if (value === undefined) return 0;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  let total = 0n;
  for (let at = 8 * LOSS_COUNTERS[counter]; at + 8 <= value.byteLength; at += map.slotSize) {
    total += view.getBigUint64(at, true);
  }
  return Number(total);
}
