/** The answer contract of a session: what its result covers, put together from all that is known about its hosts. */
import {
  addLosses,
  bucketSchemes,
  NO_COST,
  NO_LOSSES,
  type Coverage,
  type HostOutcome,
  type HostSummary,
  type Schema,
  unprintedMaps,
} from '@bpfleet/protocol';
import type { HostProgress } from './host-progress.ts';

export interface CoverageSources {
  readonly hosts: ReadonlyMap<string, HostProgress>;
  readonly refusedHosts: number;
  /** Losses and cost, once the host has sent frames. */
  readonly summaryOf: (host: string) => HostSummary | undefined;
  /** Why NATS does not take its frames at the moment. */
  readonly heldUpBy: (host: string) => string | undefined;
  /** Rows of the session that the store would not take. */
  readonly refusedRows: number;
  readonly unstored: Coverage['unstored'];
  readonly clockErrorNs: number;
  /** What its maps mean, once hosts have told. */
  readonly schema: Schema | undefined;
  /** What became of spans and joins, where any were asked for. */
  readonly correlated?: Required<Pick<Coverage, 'spans' | 'joins'>>;
  readonly digest: string;
  readonly who: string;
}

/** Hosts are sorted by name. */
export function coverageOf(sources: CoverageSources): Coverage {
  const hosts = [...sources.hosts]
    .map(([host, progress]) => outcomeOf(host, progress, sources))
    .toSorted((a, b) => (a.host < b.host ? -1 : 1));
  return {
    hosts,
    losses: hosts.reduce((sum, { losses }) => addLosses(sum, losses), {
      ...NO_LOSSES,
      store: sources.refusedRows,
    }),
    ...(sources.refusedHosts > 0 && { refusedHosts: sources.refusedHosts }),
    ...(sources.unstored !== undefined && { unstored: sources.unstored }),
    clockErrorNs: sources.clockErrorNs,
    ...(sources.schema !== undefined && mapsOf(sources.schema)),
    ...(sources.correlated !== undefined && correlatedOf(sources.correlated)),
    digest: sources.digest,
    who: sources.who,
  };
}

function mapsOf(schema: Schema): Pick<Coverage, 'buckets' | 'unprinted'> {
  const buckets = bucketSchemes(schema);
  const unprinted = unprintedMaps(schema);
  return {
    ...(buckets.size > 0 && { buckets: Object.fromEntries(buckets) }),
    ...(unprinted.length > 0 && { unprinted }),
  };
}

function correlatedOf({
  spans,
  joins,
}: NonNullable<CoverageSources['correlated']>): Pick<Coverage, 'spans' | 'joins'> {
  return { ...(spans.length > 0 && { spans }), ...(joins.length > 0 && { joins }) };
}

function outcomeOf(
  host: string,
  { state, late, reason, interrupted, unmatched }: HostProgress,
  { summaryOf, heldUpBy }: CoverageSources,
): HostOutcome {
  const summary = summaryOf(host);
  const heldUp = state === 'attached' ? heldUpBy(host) : undefined;
  return {
    host,
    state,
    late,
    ...(reason !== undefined && { reason }),
    ...(heldUp !== undefined && { heldUp }),
    ...(interrupted !== undefined && { interrupted }),
    ...(unmatched !== undefined && { unmatched }),
    ...(summary !== undefined && summary.latePrints > 0 && { latePrints: summary.latePrints }),
    losses: summary?.losses ?? NO_LOSSES,
    cost: summary?.cost ?? NO_COST,
  };
}
