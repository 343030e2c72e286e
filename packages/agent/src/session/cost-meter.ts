/** What the programs of a session cost, as the kernel measures it while its statistics are on. */
import { enableStats, isKernelError, type Fd, type KernelCalls } from '@bpfleet/bpf';
import type { Cost, Frame } from '@bpfleet/protocol';
import type { KernelObjects } from './kernel-objects.ts';

export class CostMeter {
  readonly #objects: KernelObjects;
  readonly #cpus: number;
  readonly #onFrame: (frame: Frame) => void;
  readonly #statistics: Fd | undefined;
  readonly #startedNs = process.hrtime.bigint();

  /** Measures from now on; nothing where the kernel cannot (Linux 5.8) or does not let this process. */
  constructor(
    objects: KernelObjects,
    calls: KernelCalls,
    cpus: number,
    onFrame: (frame: Frame) => void,
  ) {
    this.#objects = objects;
    this.#cpus = cpus;
    this.#onFrame = onFrame;
    this.#statistics = startMeasuring(calls);
  }

  report(): void {
    if (this.#statistics === undefined) return;
    this.#onFrame({ kind: 'cost', cost: this.#read() });
  }

  close(): void {
    this.#statistics?.close();
  }

  #read(): Cost {
    let runTimeNs = 0n;
    let runs = 0n;
    for (const { program } of this.#objects.programs) {
      const stats = program.stats();
      runTimeNs += stats.runTimeNs;
      runs += stats.runCount;
    }
    const elapsedNs = process.hrtime.bigint() - this.#startedNs;
    return { runTimeNs, runs, availableNs: elapsedNs * BigInt(this.#cpus) };
  }
}

function startMeasuring(calls: KernelCalls): Fd | undefined {
  try {
    return enableStats(calls);
  } catch (error) {
    if (isKernelError(error, 'EPERM', 'EINVAL', 'EACCES')) return undefined;
    throw error;
  }
}
