/** What sessions may take from a node: all of them together, and so each of them. */

export interface Budget {
  /** Of the time of all CPUs, 0 to 1. */
  readonly cpuShare: number;
  readonly eventsPerSecond: number;
  /** Of frames sent to NATS. */
  readonly bytesPerSecond: number;
  /** Kernel memory of maps, the ring buffer included. */
  readonly mapBytes: number;
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
