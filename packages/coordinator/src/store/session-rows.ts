/** What is known of a session as a row of `sessions`, and of its hosts as rows of `hosts`. */
import { encodeJson, type RunRequest, type Schema, type SessionInfo } from '@bpfleet/protocol';
import { probesOf } from '../history/probes-of.ts';
import type { Row } from './batch-writer.ts';
import { dateTime64, int64, uint64 } from './column-text.ts';

/** What the coordinator knows of a host beside its outcome in a session. */
export interface HostFacts {
  readonly kernel: string;
  readonly arch: string;
  /** Added to the host's clock gives fleet time, nanoseconds. */
  readonly clockOffsetNs: number;
  readonly clockErrorNs: number;
}

const NO_FACTS: HostFacts = { kernel: '', arch: '', clockOffsetNs: 0, clockErrorNs: 0 };

export interface SessionRecord {
  readonly info: SessionInfo;
  /** By hash. */
  readonly schemas: Readonly<Record<string, Schema>>;
  /** What makes the same session again, where that is known. */
  readonly request?: RunRequest | undefined;
  readonly factsOf?: (host: string) => HostFacts;
}

export function sessionRow({ info, schemas, request }: SessionRecord, version: number): Row {
  return [
    info.id,
    version,
    info.program,
    probesOf(info.program),
    info.sourceName,
    info.coverage.digest,
    info.coverage.who,
    encodeJson(info.selector),
    info.merge === 'host',
    info.merge,
    info.state,
    timeOf(info.createdAtMs),
    timeOf(info.startedAtMs),
    timeOf(info.endedAtMs),
    info.exitCode ?? null,
    encodeJson(info.coverage),
    encodeJson(schemas),
    request === undefined ? '' : encodeJson(request),
  ];
}

export function hostRows({ info, factsOf }: SessionRecord, version: number): readonly Row[] {
  return info.coverage.hosts.map(({ host, losses, cost, ...outcome }) => {
    const facts = factsOf?.(host) ?? NO_FACTS;
    return [
      info.id,
      host,
      version,
      timeOf(info.createdAtMs),
      outcome.state,
      outcome.late,
      outcome.reason ?? '',
      outcome.interrupted ?? '',
      facts.kernel,
      facts.arch,
      int64(BigInt(Math.round(facts.clockOffsetNs))),
      uint64(BigInt(Math.round(facts.clockErrorNs))),
      losses.ringBuffer,
      losses.mapFull,
      losses.missedRuns,
      losses.agentQueue,
      losses.broker,
      losses.coordinator,
      losses.store,
      outcome.latePrints ?? 0,
      uint64(cost.runTimeNs),
      uint64(cost.runs),
      uint64(cost.availableNs),
    ];
  });
}

function timeOf(unixMs: number | undefined): string | null {
  return unixMs === undefined ? null : dateTime64(BigInt(unixMs) * 1_000_000n);
}
