/** The answer contract: what a result covers and what was lost on its way. */
import type { JoinSummary } from '../correlate/join-matcher.ts';
import type { SpanSummary } from '../correlate/span.ts';
import type { BucketScheme } from '../schema/told-of-maps.ts';
import type { Cost } from './cost.ts';

/** Totals of lost events or updates by hop. */
export interface LossCounts {
  /** Events the kernel could not put into a full ring buffer. */
  readonly ringBuffer: number;
  /** Updates refused because a map was full. */
  readonly mapFull: number;
  /** Hits of a probe the kernel skipped because a program was already running on that CPU. */
  readonly missedRuns: number;
  /** Events dropped from the agent's bounded queue. */
  readonly agentQueue: number;
  /** Frames the broker refused or that never arrived (gaps in the sequence). */
  readonly broker: number;
  /** Keys, names, lines and prints beyond what a coordinator keeps of one host. */
  readonly coordinator: number;
  /** Rows the store refused. */
  readonly store: number;
}

export const NO_LOSSES: LossCounts = {
  ringBuffer: 0,
  mapFull: 0,
  missedRuns: 0,
  agentQueue: 0,
  broker: 0,
  coordinator: 0,
  store: 0,
};

export function addLosses(a: LossCounts, b: LossCounts): LossCounts {
  return {
    ringBuffer: a.ringBuffer + b.ringBuffer,
    mapFull: a.mapFull + b.mapFull,
    missedRuns: a.missedRuns + b.missedRuns,
    agentQueue: a.agentQueue + b.agentQueue,
    broker: a.broker + b.broker,
    coordinator: a.coordinator + b.coordinator,
    store: a.store + b.store,
  };
}

/**
 * selected → armed (compiled and loaded) → attached → ended; or failed (with a reason) before, or lost (its
 * agent or runner vanished) after. A host that came after the start is `late` besides.
 */
export type HostState = 'selected' | 'armed' | 'attached' | 'ended' | 'failed' | 'lost';

export interface HostOutcome {
  readonly host: string;
  readonly state: HostState;
  readonly late: boolean;
  /** Why it failed, was lost, or ended before it should. */
  readonly reason?: string;
  /** Why NATS does not take its frames at the moment: it goes on counting, and they come later. */
  readonly heldUp?: string;
  /** Why it was gone for a while before it started anew: what happened in between was not counted. */
  readonly interrupted?: string;
  /** Nothing there was what the session is about, or not all of it could be traced: `no matching pod`. */
  readonly unmatched?: string;
  /** Prints of maps that came when their window had been printed without them; history has them. Absent for none. */
  readonly latePrints?: number;
  readonly losses: LossCounts;
  readonly cost: Cost;
}

export interface Coverage {
  readonly hosts: readonly HostOutcome[];
  readonly losses: LossCounts;
  /** Hosts that came when the session had as many as one takes: nothing of them is in it. Absent without any. */
  readonly refusedHosts?: number;
  /** Frames that wait in JetStream for the store, and why it takes none, if it does not. Nothing of them is lost. */
  readonly unstored?: { readonly frames: number; readonly reason?: string };
  /** Bound of the clock error between hosts, nanoseconds. */
  readonly clockErrorNs: number;
  /** By map: how histograms and time series sort what they count. Absent without any. */
  readonly buckets?: Readonly<Record<string, BucketScheme>>;
  /** Maps that stay on their hosts, because the program prints them nowhere. Absent without any. */
  readonly unprinted?: readonly string[];
  /** What became of the spans and joins that were asked for. Absent without any. */
  readonly spans?: readonly SpanSummary[];
  readonly joins?: readonly JoinSummary[];
  /** SHA-256 of the program text, hex, first 16 characters. */
  readonly digest: string;
  readonly who: string;
}

/** Attached, or was until the end. */
export function isCovered({ state }: HostOutcome): boolean {
  return state === 'attached' || state === 'ended';
}

/** It is covered until then, so it is not missing. */
export function endedEarly({ state, reason }: HostOutcome): boolean {
  return state === 'ended' && reason !== undefined;
}

/** Nothing of what it was asked for is missing, as far as the host's own life goes: events may be lost besides. */
export function isWhole(outcome: HostOutcome): boolean {
  const { interrupted, late } = outcome;
  return isCovered(outcome) && !endedEarly(outcome) && interrupted === undefined && !late;
}
