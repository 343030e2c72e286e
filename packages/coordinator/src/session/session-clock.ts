/**
 * The clock by which a session's times are told: that of the coordinator which began it, as it was then. Another one that shows or
 * takes over the session finds out how far its own is from that by what both say of the hosts' clocks.
 */
import { skewBetween, type ClockEstimate } from '../fleet/clock.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { clockSetByMs, steadyMs } from '../steady-time.ts';

const LOOK_EVERY_MS = 2_000;
/** More would say the same. */
const HOSTS = 15;

export class SessionClock {
  /** This process's time is so much more than the session's. */
  #aheadMs = -clockSetByMs();
  #lookedAtMs = -Infinity;

  /** Unix milliseconds as they were told when the session began: nobody sets this clock. */
  nowMs(): number {
    return Math.floor(steadyMs() - this.#aheadMs);
  }

  /** What brings a host's times into those of the session. */
  estimate(host: string, fleet: Pick<Fleet, 'clock'>): ClockEstimate | undefined {
    const clock = fleet.clock(host);
    if (clock === undefined || this.#aheadMs === 0) return clock;
    return { ...clock, offsetNs: clock.offsetNs - this.#aheadMs * 1e6 };
  }

  /**
   * Compares clocks, where it is time to.
   *
   * @param clocks by host, as the coordinator which began the session found them
   * @param atMs of this process's monotonic clock
   */
  look(
    clocks: Readonly<Record<string, ClockEstimate>>,
    fleet: Pick<Fleet, 'clock'>,
    atMs: number,
  ): void {
    if (atMs - this.#lookedAtMs < LOOK_EVERY_MS) return;
    this.#lookedAtMs = atMs;
    const pairs = Object.entries(clocks)
      .slice(0, HOSTS)
      .flatMap(([host, theirs]) => {
        const mine = fleet.clock(host);
        return mine === undefined ? [] : [{ mine, theirs }];
      });
    if (pairs.length > 0) this.#aheadMs = Math.round(skewBetween(pairs) / 1e6);
  }
}
