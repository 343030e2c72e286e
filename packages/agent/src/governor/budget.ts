/** What sessions may take from a node: all of them together, and so each of them. */
import type { SessionBudget } from '@bpfleet/protocol';

export interface Budget extends Required<SessionBudget> {
  /** Of each session, milliseconds. */
  readonly durationMs: number;
}

export const DEFAULT_BUDGET: Budget = {
  cpuShare: 0.01,
  eventsPerSecond: 200_000,
  bytesPerSecond: 64 << 20,
  mapBytes: 1 << 30,
  durationMs: 24 * 3_600_000,
};

/** Of each limit the smaller one. */
export function smallerBudget(budget: Budget, other: Partial<Budget>): Budget {
  const least = (name: keyof Budget): number => Math.min(budget[name], other[name] ?? Infinity);
  return {
    cpuShare: least('cpuShare'),
    eventsPerSecond: least('eventsPerSecond'),
    bytesPerSecond: least('bytesPerSecond'),
    mapBytes: least('mapBytes'),
    durationMs: least('durationMs'),
  };
}
