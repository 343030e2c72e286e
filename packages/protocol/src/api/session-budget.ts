/** What one session may take on each of its hosts; what a host can spare for all sessions is its own affair. */

export interface SessionBudget {
  /** Of the time of all CPUs, 0 to 1. */
  readonly cpuShare?: number;
  readonly eventsPerSecond?: number;
  /** Of frames sent to NATS. */
  readonly bytesPerSecond?: number;
  /** Kernel memory of maps, the ring buffer included. */
  readonly mapBytes?: number;
}
