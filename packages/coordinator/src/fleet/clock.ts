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

export interface ClockEstimate {
  /** Added to the host's clock gives the coordinator's, nanoseconds. */
  readonly offsetNs: number;
  readonly errorNs: number;
}

export class HostClock {
  readonly #differencesNs: number[] = [];

  sample(sentAtNs: bigint, receivedAtNs: bigint): void {
    this.#differencesNs.push(Number(receivedAtNs - sentAtNs));
    if (this.#differencesNs.length > SAMPLES) this.#differencesNs.shift();
  }

  /** `undefined` before the first sample. */
  estimate(roundTripNs: number): ClockEstimate | undefined {
    if (this.#differencesNs.length === 0) return undefined;
    const sorted = this.#differencesNs.toSorted((a, b) => a - b);
    const least = sorted[0] ?? 0;
    const median = sorted[sorted.length >> 1] ?? least;
    return { offsetNs: least, errorNs: RESOLUTION_NS + roundTripNs + (median - least) };
  }
}

/**
 * What to add to a host's times, and how wrong they may be then. An offset within its own error is left alone, so that
 * clocks that agree are not pulled apart by the networks' delays.
 */
export function correctionOf({ offsetNs, errorNs }: ClockEstimate): ClockEstimate {
  const distance = Math.abs(offsetNs);
  return distance <= errorNs ? { offsetNs: 0, errorNs: errorNs + distance } : { offsetNs, errorNs };
}

/** The header of a frame whose times are to be read by the coordinator's clock. */
export function inFleetTime(header: FrameHeader, clock: ClockEstimate | undefined): FrameHeader {
  const offsetNs = clock?.offsetNs ?? 0;
  if (offsetNs === 0) return header;
  return { ...header, bootToUnixNs: header.bootToUnixNs + BigInt(Math.round(offsetNs)) };
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
      skewNs: mine.offsetNs - theirs.offsetNs,
      errorNs: mine.errorNs + theirs.errorNs,
    }))
    .toSorted((a, b) => Math.abs(a.skewNs) - Math.abs(b.skewNs));
  const median = skews[skews.length >> 1];
  return median === undefined || Math.abs(median.skewNs) <= median.errorNs ? 0 : median.skewNs;
}
