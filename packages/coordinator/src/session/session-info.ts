/** A session as the API tells of it. */
import type { Coverage, SessionInfo } from '@bpfleet/protocol';
import { errorBetween } from '../fleet/clock.ts';
import { coverageOf } from './coverage.ts';
import type { Progress } from './progress.ts';
import type { SessionView } from './session-view.ts';
import type { StoredSession } from './stored-session.ts';

export interface SessionInfoSources {
  readonly stored: StoredSession;
  readonly progress: Progress;
  readonly view: SessionView;
  readonly digest: string;
  /** Rows that this coordinator's store refused. */
  readonly refusedRows: number;
  readonly unstored: Coverage['unstored'];
  readonly heldUpBy: (host: string) => string | undefined;
}

export function sessionInfoOf(sources: SessionInfoSources): SessionInfo {
  const { stored, progress, view, digest } = sources;
  const { id, program, sourceName, selector, memo, createdAtMs, who } = stored;
  const { state, hosts, startAtMs, endedAtMs } = progress;
  const coverage = coverageOf({
    hosts,
    refusedHosts: progress.refusedHosts ?? 0,
    summaryOf: (host) => view.summary(host),
    refusedRows: memo.conclusion?.refusedRows ?? sources.refusedRows,
    heldUpBy: sources.heldUpBy,
    unstored: memo.conclusion === undefined ? sources.unstored : undefined,
    clockErrorNs: errorBetween(Object.values(memo.clocks)),
    schema: view.schema,
    ...(view.correlator !== undefined && {
      correlated: { spans: view.correlator.spans, joins: view.correlator.joins },
    }),
    digest,
    who,
  });
  return {
    id,
    program,
    sourceName,
    selector,
    merge: memo.merge,
    state,
    createdAtMs,
    ...(startAtMs !== undefined && { startedAtMs: startAtMs }),
    ...(endedAtMs === undefined
      ? memo.owner !== undefined && { coordinator: memo.owner }
      : { endedAtMs, exitCode: exitCodeOf(progress, view) }),
    coverage,
  };
}

/** Of the hosts by name, the first code that is not 0. */
function exitCodeOf({ hosts }: Progress, view: SessionView): number {
  const codes = [...hosts.keys()].toSorted().map((host) => view.summary(host)?.end?.exitCode ?? 0);
  return codes.find((code) => code !== 0) ?? 0;
}
