/** What a session lost on this host, hop by hop. */
import { KERNEL_MAPS } from '@bpfleet/lang';
import { NO_LOSSES, type Frame, type LossCounts } from '@bpfleet/protocol';
import type { KernelObjects } from './kernel-objects.ts';

/** Places in `KERNEL_MAPS.losses`. */
const [RING_FULL, MAP_UPDATE, SCRATCH_BUSY] = [0, 1, 2] as const;

export class LossMeter {
  readonly #objects: KernelObjects;
  readonly #queueDropped: () => number;
  readonly #onFrame: (frame: Frame) => void;
  #reported = JSON.stringify(NO_LOSSES);

  constructor(objects: KernelObjects, queueDropped: () => number, onFrame: (frame: Frame) => void) {
    this.#objects = objects;
    this.#queueDropped = queueDropped;
    this.#onFrame = onFrame;
  }

  read(): LossCounts {
    return {
      ...NO_LOSSES,
      ringBuffer: this.#counter(RING_FULL),
      mapFull: this.#counter(MAP_UPDATE),
      missedRuns: this.#missedRuns(),
      agentQueue: this.#queueDropped(),
    };
  }

  /** Sends the totals when they have changed. */
  report(): void {
    const losses = this.read();
    const text = JSON.stringify(losses);
    if (text === this.#reported) return;
    this.#reported = text;
    this.#onFrame({ kind: 'losses', losses });
  }

  /** Sums one of the counters that the programs keep on each CPU. */
  #counter(index: number): number {
    const map = this.#objects.map(KERNEL_MAPS.losses);
    const value = map.lookup(new Uint8Array(4));
    if (value === undefined) return 0;
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
    let total = 0n;
    for (let at = 8 * index; at + 8 <= value.byteLength; at += map.slotSize) {
      total += view.getBigUint64(at, true);
    }
    return Number(total);
  }

  /** Left out by the kernel, or by the program itself. */
  #missedRuns(): number {
    let total = 0n;
    for (const { program } of this.#objects.programs) total += program.stats().recursionMisses;
    return Number(total) + this.#counter(SCRATCH_BUSY);
  }
}
