/** What a session lost on this host, hop by hop. */
import { KERNEL_MAPS } from '@bpfleet/lang';
import { NO_LOSSES, type Frame, type LossCounts } from '@bpfleet/protocol';
import type { KernelObjects } from './kernel-objects.ts';

/** Places in `KERNEL_MAPS.losses`. */
const [RING_FULL, MAP_UPDATE, SCRATCH_BUSY] = [0, 1, 2] as const;

export interface LossMeterOptions {
  /** Events that the agent's queue had no room for. */
  readonly queueDropped: () => number;
  /** The boot clock now. */
  readonly bootNs: () => bigint;
  readonly onFrame: (frame: Frame) => void;
}

export class LossMeter {
  readonly #objects: KernelObjects;
  readonly #options: LossMeterOptions;
  #reported: LossCounts = NO_LOSSES;

  constructor(objects: KernelObjects, options: LossMeterOptions) {
    this.#objects = objects;
    this.#options = options;
  }

  read(): LossCounts {
    return {
      ...NO_LOSSES,
      ringBuffer: this.#counter(RING_FULL),
      mapFull: this.#counter(MAP_UPDATE),
      missedRuns: this.#missedRuns(),
      agentQueue: this.#options.queueDropped(),
    };
  }

  /** Sends the totals when they have changed. */
  report(): void {
    this.#send(this.read());
  }

  /** The same for what loses events on their way, which is quickly counted. */
  reportEvents(): void {
    const ringBuffer = this.#counter(RING_FULL);
    const agentQueue = this.#options.queueDropped();
    this.#send({ ...this.#reported, ringBuffer, agentQueue });
  }

  #send(losses: LossCounts): void {
    if (JSON.stringify(losses) === JSON.stringify(this.#reported)) return;
    this.#reported = losses;
    this.#options.onFrame({ kind: 'losses', losses, nsecs: this.#options.bootNs() });
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
