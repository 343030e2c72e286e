/** What a run says at its end about what it lost; the first line is bpftrace's own. */
import type { LossCounts } from '@bpfleet/protocol';

export function lossWarnings({ ringBuffer, mapFull, missedRuns }: LossCounts): readonly string[] {
  const totals = [
    ['Total lost event count', ringBuffer],
    ['Total count of updates refused by full maps', mapFull],
    ['Total count of probe runs missed', missedRuns],
  ] as const;
  return totals
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `WARNING: ${what}: ${count}\n`);
}
