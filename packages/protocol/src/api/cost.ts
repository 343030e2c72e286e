/** What a session's programs cost their hosts, as the kernel measures it (`BPF_ENABLE_STATS`, Linux 5.8). */

export interface Cost {
  /** Time spent in the programs, on all CPUs, nanoseconds. */
  readonly runTimeNs: bigint;
  readonly runs: bigint;
  /** Time that all online CPUs together had meanwhile, nanoseconds; 0 where nothing was measured. */
  readonly availableNs: bigint;
}

export const NO_COST: Cost = { runTimeNs: 0n, runs: 0n, availableNs: 0n };

export function addCosts(a: Cost, b: Cost): Cost {
  return {
    runTimeNs: a.runTimeNs + b.runTimeNs,
    runs: a.runs + b.runs,
    availableNs: a.availableNs + b.availableNs,
  };
}

/** Of the time of all CPUs, 0 to 1; 0 where nothing was measured. */
export function cpuShareOf({ runTimeNs, availableNs }: Cost): number {
  return availableNs === 0n ? 0 : Number(runTimeNs) / Number(availableNs);
}

/** Of one run of a program; undefined where none ran. */
export function nsPerEventOf({ runTimeNs, runs }: Cost): number | undefined {
  return runs === 0n ? undefined : Number(runTimeNs) / Number(runs);
}

/** Of two measurements of the same programs, the later: totals only grow. */
export function laterCost(a: Cost, b: Cost): Cost {
  return b.availableNs > a.availableNs ? b : a;
}
