/** What a session lost on this host, hop by hop. */
import { KERNEL_MAPS } from '@bpfleet/lang';
import { NO_LOSSES, type Frame, type LossCounts } from '@bpfleet/protocol';
import type { KernelObjects } from './kernel-objects.ts';
import { lossCounter, type LOSS_COUNTERS } from './loss-counter.ts';

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
      ringBuffer: this.#counter('ringFull'),
      mapFull: this.#counter('mapUpdate'),
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
    const ringBuffer = this.#counter('ringFull');
    const agentQueue = this.#options.queueDropped();
    this.#send({ ...this.#reported, ringBuffer, agentQueue });
  }

  #send(losses: LossCounts): void {
    if (JSON.stringify(losses) === JSON.stringify(this.#reported)) return;
    this.#reported = losses;
    this.#options.onFrame({ kind: 'losses', losses, nsecs: this.#options.bootNs() });
  }

  #counter(counter: keyof typeof LOSS_COUNTERS): number {
    return lossCounter(this.#objects.map(KERNEL_MAPS.losses), counter);
  }

  /** Left out by the kernel, or by the program itself. */
  #missedRuns(): number {
    let total = 0n;
    for (const { program } of this.#objects.programs) total += program.stats().recursionMisses;
    return Number(total) + this.#counter('scratchBusy');
  }
}
