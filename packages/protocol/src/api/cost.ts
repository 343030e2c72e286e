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

/** Of two measurements of the same programs, the later: totals only grow. */
export function laterCost(a: Cost, b: Cost): Cost {
  return b.availableNs > a.availableNs ? b : a;
}
