/**
 * How far a host's clock is from the coordinator's, from the send times of its heartbeats.
 *
 * Receive time minus send time is the offset plus the time on the way, which is never negative: the smallest of the
 * last differences is the best estimate, and it is too large by at most the fastest heartbeat's time on the way.
 * That time is not known from one-way messages; it is taken to be no longer than one round trip between the
 * coordinator and NATS plus what the differences vary by.
 */

import type { FrameHeader } from '@bpfleet/protocol';

const SAMPLES = 60;
/** Send times are read from a clock of this resolution, and so are arrival times. */
const RESOLUTION_NS = 1_000_000;
/** A single heartbeat may have been long on its way, of several one was fast: the doubt shrinks with their number. */
const UNTRIED_NS = 100_000_000;

export interface ClockEstimate {
  /** Added to the host's clock gives the coordinator's, nanoseconds. */
  readonly offsetNs: number;
  readonly errorNs: number;
  /**
   * What the host's Unix time was ahead of its boot clock, nanoseconds in decimal. Its events have boot times: setting its
   * clock later changes nothing for them.
   */
  readonly bootToUnixNs?: string;
}

/** Of a host in a session: the present estimate, and those before it was booted anew. */
export type KeptClock = ClockEstimate & { readonly earlier?: readonly ClockEstimate[] };

/** Of one boot of the host. */
export class HostClock {
  /** By the boot clock where it is known, as if the host's clock had never been set. */
  readonly #differencesNs: number[] = [];
  #firstBootToUnixNs: bigint | undefined;
  #bootToUnixNs: bigint | undefined;

  /** All in nanoseconds. `bootToUnixNs`: what the host's Unix time is ahead of its boot clock. */
  sample(sentAtNs: bigint, receivedAtNs: bigint, bootToUnixNs?: bigint): void {
    this.#firstBootToUnixNs ??= bootToUnixNs;
    this.#bootToUnixNs = bootToUnixNs;
    this.#differencesNs.push(Number(receivedAtNs - sentAtNs) + this.#setByNs());
    if (this.#differencesNs.length > SAMPLES) this.#differencesNs.shift();
  }

  /** `undefined` before the first sample. */
  estimate(roundTripNs: number): ClockEstimate | undefined {
    if (this.#differencesNs.length === 0) return undefined;
    const sorted = this.#differencesNs.toSorted((a, b) => a - b);
    const least = sorted[0] ?? 0;
    const median = sorted[sorted.length >> 1] ?? least;
    return {
      offsetNs: least - this.#setByNs(),
      errorNs:
        RESOLUTION_NS + roundTripNs + (median - least) + Math.ceil(UNTRIED_NS / sorted.length ** 2),
      ...(this.#bootToUnixNs !== undefined && { bootToUnixNs: String(this.#bootToUnixNs) }),
    };
  }

  /** By how much the host's clock has been set since the first sample. */
  #setByNs(): number {
    if (this.#bootToUnixNs === undefined || this.#firstBootToUnixNs === undefined) return 0;
    return Number(this.#bootToUnixNs - this.#firstBootToUnixNs);
  }
}

/**
 * What to add to a host's times, and how wrong they may be then. An offset within its own error is left alone, so that
 * clocks that agree are not pulled apart by the networks' delays.
 */
export function correctionOf(estimate: ClockEstimate): ClockEstimate {
  const { offsetNs, errorNs } = estimate;
  const distance = Math.abs(offsetNs);
  return distance <= errorNs ? { ...estimate, offsetNs: 0, errorNs: errorNs + distance } : estimate;
}

/** Larger differences between what two estimates make of one boot time mean that the host was booted in between. */
const SAME_BOOT_NS = 1_000_000_000n;

/**
 * The clock of a host that has armed a session, once more perhaps. It is kept for the session's life: times of one host
 * must not be moved against each other by better estimates.
 */
export function keptClock(known: KeptClock | undefined, estimate: ClockEstimate): KeptClock {
  if (known === undefined) return correctionOf(estimate);
  if (known.bootToUnixNs === undefined || estimate.bootToUnixNs === undefined) return known;
  const apart = bootToFleetNs(known, 0n) - bootToFleetNs(estimate, 0n);
  if (apart < SAME_BOOT_NS && apart > -SAME_BOOT_NS) return known;
  const { earlier = [], ...latest } = known;
  return { ...correctionOf(estimate), earlier: [latest, ...earlier].slice(0, MAX_EARLIER) };
}

const MAX_EARLIER = 10;

/** The header of a frame whose times are to be read by the coordinator's clock. */
export function inFleetTime(header: FrameHeader, clock: KeptClock | undefined): FrameHeader {
  if (clock === undefined) return header;
  const bootToUnixNs = bootToFleetNs(ofItsBoot(header, clock), header.bootToUnixNs);
  return bootToUnixNs === header.bootToUnixNs ? header : { ...header, bootToUnixNs };
}

function bootToFleetNs({ bootToUnixNs, offsetNs }: ClockEstimate, otherwise: bigint): bigint {
  const known = bootToUnixNs === undefined ? otherwise : BigInt(bootToUnixNs);
  return known + BigInt(Math.round(offsetNs));
}

/** The estimate that belongs to the boot in which the frame was made. */
function ofItsBoot({ bootToUnixNs }: FrameHeader, clock: KeptClock): ClockEstimate {
  const { earlier = [] } = clock;
  if (earlier.length === 0) return clock;
  const apart = (estimate: ClockEstimate): number =>
    Math.abs(Number(BigInt(estimate.bootToUnixNs ?? 0) - bootToUnixNs));
  return earlier.reduce<ClockEstimate>(
    (nearest, other) => (apart(other) < apart(nearest) ? other : nearest),
    clock,
  );
}

/** By how much times of two of these hosts may be wrong against each other at worst, nanoseconds. */
export function errorBetween(clocks: readonly ClockEstimate[]): number {
  const [first = 0, second = 0] = clocks.map(({ errorNs }) => errorNs).toSorted((a, b) => b - a);
  return first + second;
}

export interface ClockPair {
  readonly mine: ClockEstimate;
  readonly theirs: ClockEstimate;
}

/**
 * How far the clock of one coordinator is ahead of another's, by what both say of the same hosts, nanoseconds; 0 where
 * that is within the errors.
 */
export function skewBetween(pairs: readonly ClockPair[]): number {
  const skews = pairs
    .map(({ mine, theirs }) => ({
      skewNs: skewNs(mine, theirs),
      errorNs: mine.errorNs + theirs.errorNs,
    }))
    .toSorted((a, b) => Math.abs(a.skewNs) - Math.abs(b.skewNs));
  const median = skews[skews.length >> 1];
  return median === undefined || Math.abs(median.skewNs) <= median.errorNs ? 0 : median.skewNs;
}

/** By the host's boot clock where both know it: its Unix time may have been set in between. */
function skewNs(mine: ClockEstimate, theirs: ClockEstimate): number {
  if (mine.bootToUnixNs === undefined || theirs.bootToUnixNs === undefined) {
    return mine.offsetNs - theirs.offsetNs;
  }
  return Number(bootToFleetNs(mine, 0n) - bootToFleetNs(theirs, 0n));
}
