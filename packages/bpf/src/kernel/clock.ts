/** How the clocks of BPF programs relate to the time of day. */
import { CLOCK_BOOTTIME, CLOCK_MONOTONIC, CLOCK_REALTIME, CLOCK_TAI } from '../sys/constants.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';

/** `boottime` is `bpf_ktime_get_boot_ns`, `monotonic` is `bpf_ktime_get_ns`, which stops during suspend. */
export type BpfClock = 'boottime' | 'monotonic';

/** `day` is nanoseconds since 1970; `atomic` is ahead of it by the leap seconds, where the system knows them. */
export type WorldClock = 'day' | 'atomic';

export interface ClockOffset {
  /** Add this to a time of the clock to get one of the world's. */
  readonly offsetNs: bigint;
  /** The true offset at the moment of measuring is at most this far away. */
  readonly errorNs: bigint;
}

const CLOCK_IDS: Readonly<Record<BpfClock, number>> = {
  boottime: CLOCK_BOOTTIME,
  monotonic: CLOCK_MONOTONIC,
};

/** Nanoseconds. */
export function readClock(calls: KernelCalls, clock: BpfClock): bigint {
  return calls.clockGettime(CLOCK_IDS[clock]);
}

/**
 * Measures how far the time of day is ahead of a clock. Setting the machine's time changes it, and suspending
 * does for `monotonic`; measure again now and then.
 */
export function measureClockOffset(
  calls: KernelCalls,
  clock: BpfClock,
  world: WorldClock = 'day',
): ClockOffset {
  const id = CLOCK_IDS[clock];
  const worldId = world === 'day' ? CLOCK_REALTIME : CLOCK_TAI;
  let best: ClockOffset | undefined;
  // The time of day is read between two readings of the clock; the narrowest of several pairs wins.
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const before = calls.clockGettime(id);
    const realtime = calls.clockGettime(worldId);
    const after = calls.clockGettime(id);
    const errorNs = (after - before) / 2n + 1n;
    if (best === undefined || errorNs < best.errorNs) {
      best = { offsetNs: realtime - (before + after) / 2n, errorNs };
    }
  }
  return best ?? { offsetNs: 0n, errorNs: 0n };
}
