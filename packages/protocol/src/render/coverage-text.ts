/** The answer contract as text: what a result covers, who is missing and why, and what was lost on the way. */
import { addCosts, cpuShareOf, NO_COST, nsPerEventOf, type Cost } from '../api/cost.ts';
import {
  endedEarly,
  isCovered,
  type Coverage,
  type HostOutcome,
  type LossCounts,
} from '../api/coverage.ts';
import { joinSummaryText, spanSummaryText } from './correlated-text.ts';
import { bucketText } from './bucket-text.ts';
import { escapeControls, escapeLine } from './escape.ts';

const HOSTS_WITH_COST = 5;

/**
 * `hosts 2/3 · lost: …`: hosts that are attached, or were until the end, of those selected. Lines about hosts
 * that lost something, are missing, were interrupted or late follow, then how maps count and what each host
 * paid, the clock error, the cost, and who ran which program.
 */
export function renderCoverage(coverage: Coverage): string {
  const covered = coverage.hosts.filter(isCovered);
  const early = covered.filter(endedEarly).length;
  const note = early === 0 ? '' : ` (${early} ended early)`;
  const lines = [
    `hosts ${covered.length}/${coverage.hosts.length}${note} · lost: ${lossesText(coverage.losses)}`,
    ...(coverage.hosts.length > 1 ? coverage.hosts.flatMap(hostLossLine) : []),
    ...coverage.hosts.filter((outcome) => !isCovered(outcome)).map(missingLine),
    ...coverage.hosts.filter(endedEarly).map(({ host, reason }) => earlyLine(host, reason)),
    ...refusedLine(coverage),
    ...coverage.hosts.flatMap(heldUpLine),
    ...coverage.hosts.flatMap(interruptedLine),
    ...coverage.hosts.filter((outcome) => outcome.late).map(({ host }) => `late: ${show(host)}`),
    ...unmatchedLines(coverage.hosts),
    ...coverage.hosts.flatMap(latePrintsLine),
    ...unstoredLine(coverage),
    ...unprintedLine(coverage),
    ...bucketsLine(coverage),
    ...(coverage.spans ?? []).map((summary) => escapeLine(spanSummaryText(summary))),
    ...(coverage.joins ?? []).map((summary) => escapeLine(joinSummaryText(summary))),
    ...costsLine(coverage),
    [
      `clock error ${clockText(coverage.clockErrorNs)}`,
      ...costText(coverage.hosts.map(({ cost }) => cost).reduce(addCosts, NO_COST)),
      `program ${show(coverage.digest)}`,
      `run by ${show(coverage.who)}`,
    ].join(' · '),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** Every hop by name, also when nothing was lost there. */
export function lossesText(losses: LossCounts): string {
  return hopsOf(losses)
    .map(([hop, count]) => `${hop} ${count}`)
    .join(', ');
}

/** In order of an event's way. */
function hopsOf(losses: LossCounts): readonly (readonly [hop: string, count: number])[] {
  return [
    ['ring buffer', losses.ringBuffer],
    ['map full', losses.mapFull],
    ['missed runs', losses.missedRuns],
    ['agent queue', losses.agentQueue],
    ['broker', losses.broker],
    ['coordinator', losses.coordinator],
    ['store', losses.store],
  ];
}

function refusedLine({ refusedHosts = 0, hosts }: Coverage): readonly string[] {
  if (refusedHosts === 0) return [];
  return [`not taken in: ${refusedHosts} more, since a session has ${hosts.length} hosts at most`];
}

/** Where it was lost; the sums over all hosts stand above. */
function hostLossLine({ host, losses }: HostOutcome): readonly string[] {
  const lost = hopsOf(losses).filter(([, count]) => count > 0);
  if (lost.length === 0) return [];
  return [`lost on ${show(host)}: ${lost.map(([hop, count]) => `${hop} ${count}`).join(', ')}`];
}

function missingLine({ host, state, reason }: HostOutcome): string {
  const why = reason === undefined ? '' : `: ${show(reason.trim())}`;
  return `missing: ${show(host)}: ${state === 'selected' ? 'did not answer' : state}${why}`;
}

function earlyLine(host: string, reason = ''): string {
  return `ended early: ${show(host)}: ${show(reason.trim())}`;
}

/** Its latest frames are not in this result. */
function heldUpLine({ host, heldUp }: HostOutcome): readonly string[] {
  if (heldUp === undefined) return [];
  return [`held up: ${show(host)}: NATS does not take its frames: ${show(heldUp.trim())}`];
}

/** `no matching pod: db-1, db-2`: they wait for one, or waited until the end. */
export function unmatchedLines(hosts: readonly HostOutcome[]): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { host, unmatched } of hosts) {
    if (unmatched === undefined) continue;
    const others = byReason.get(unmatched);
    if (others === undefined) byReason.set(unmatched, [host]);
    else others.push(host);
  }
  return [...byReason].map(
    ([reason, names]) => `${show(reason.trim())}: ${names.map(show).join(', ')}`,
  );
}

function unstoredLine({ unstored }: Coverage): readonly string[] {
  if (unstored === undefined) return [];
  const why = unstored.reason === undefined ? '' : `: ${show(unstored.reason.trim())}`;
  return [`not yet stored: ${unstored.frames} frames, kept in JetStream${why}`];
}

/** It counted before and after. */
function interruptedLine({ host, interrupted }: HostOutcome): readonly string[] {
  return interrupted === undefined
    ? []
    : [`interrupted: ${show(host)}: ${show(interrupted.trim())}`];
}

/** The windows said that they were incomplete; this says what became of the rest. */
function latePrintsLine({ host, latePrints = 0 }: HostOutcome): readonly string[] {
  if (latePrints === 0) return [];
  const prints =
    latePrints === 1
      ? '1 print of a map came after its'
      : `${latePrints} prints of maps came after their`;
  return [`late: ${show(host)}: ${prints} window; history has all of them`];
}

function unprintedLine({ unprinted = [] }: Coverage): readonly string[] {
  if (unprinted.length === 0) return [];
  const maps = unprinted.map(show).join(', ');
  return [`not shown: ${maps}: kept on each host, unless the program prints it`];
}

function bucketsLine({ buckets = {} }: Coverage): readonly string[] {
  const schemes = Object.entries(buckets).map(([map, scheme]) => `${map} ${bucketText(scheme)}`);
  return schemes.length === 0 ? [] : [`buckets: ${show(schemes.join(', '))}`];
}

/** Of many hosts those that pay most; of one host, the cost of all says it. */
function costsLine({ hosts }: Coverage): readonly string[] {
  const measured = hosts
    .filter(({ cost }) => cost.availableNs > 0n)
    .toSorted((a, b) => cpuShareOf(b.cost) - cpuShareOf(a.cost));
  if (measured.length < 2) return [];
  const most = measured.slice(0, HOSTS_WITH_COST);
  const shown = most.map(({ host, cost }) => `${show(host)} ${amountsOf(cost).join(', ')}`);
  const others = measured.length - shown.length;
  return [`cost by host: ${shown.join('; ')}${others === 0 ? '' : `; ${others} others less`}`];
}

/** `cost 0.13 % of CPU, 84 ns per event`; nothing where it was not measured. */
export function costText(cost: Cost): readonly string[] {
  if (cost.availableNs === 0n) return [];
  return [`cost ${amountsOf(cost).join(', ')}`];
}

function amountsOf(cost: Cost): readonly string[] {
  const share = `${percentText(cpuShareOf(cost))} of CPU`;
  const ns = nsPerEventOf(cost);
  return ns === undefined ? [share] : [share, `${Math.trunc(ns)} ns per event`];
}

/** Of a share of 1; what is not nothing never looks like it. */
export function percentText(share: number): string {
  if (share > 0 && share < 0.00005) return '<0.01 %';
  return `${(share * 100).toFixed(2)} %`;
}

function clockText(errorNs: number): string {
  return `±${(errorNs / 1e6).toFixed(1)} ms`;
}

/** Reasons and names come from the hosts. */
function show(text: string): string {
  return escapeControls(text);
}
