/**
 * The coordinator's HTTP API, version 1. Bodies are JSON in which 64-bit integers are written by
 * `encodeJson` and read by `decodeJson`.
 *
 *     GET    /v1/hosts?label=role=db             HostInfo[]
 *     POST   /v1/sessions                        RunRequest → 201 SessionInfo, 400 ApiError, 422 ProgramRejected
 *     POST   /v1/check                           CheckRequest → CheckResult, 400 ApiError, 422 ProgramRejected
 *     GET    /v1/coordinators                    CoordinatorInfo[] (those that live)
 *     GET    /v1/sessions                        SessionInfo[] (running)
 *     GET    /v1/sessions/:id                    SessionInfo
 *     GET    /v1/sessions/:id/stream             server-sent events, each `data:` one StreamItem; ends with `result`
 *            ?since=<fleet time, ns>             with what was printed after that time, after an item `resumed`
 *     POST   /v1/sessions/:id/stop?who=          SessionInfo, once every live host has ended
 *     GET    /v1/history?limit=                  SessionInfo[] from the store, newest first
 *            ?since=&until=&user=&probe=&host=&text=&state=    that fit all of these (HistoryFilter)
 *     GET    /v1/history/:id                     HistoryResult
 *            ?byHost=&from=&to=&lines=&window=&windowAt=   a part of it (ShowOptions)
 *     DELETE /v1/history/:id?who=                { id }, 409 ApiError while it runs
 *     GET    /v1/history/:id/request             RunRequest that makes the same session again
 *     GET    /v1/history/:id/export                                       ExportHead
 *     GET    /v1/history/:id/events?after=&limit=&from=&to=&host=         Page<HistoryEvent>, in order of time
 *     GET    /v1/history/:id/spans?after=&limit=&from=&to=&host=          Page<HistorySpan>
 *     GET    /v1/history/:id/points?after=&limit=&host=&map=              Page<HistoryPoint>
 *     GET    /v1/retention                       KeptTable[]
 *     GET    /v1/history/:id/top?map=&limit=&by=&from=&to=                TopAnswer
 *     GET    /v1/history/:id/outliers?map=&key=&threshold=&from=&to=      OutliersAnswer
 *     GET    /v1/history/:id/heatmap?map=&key=&host=&columns=&from=&to=   HeatmapAnswer
 *     GET    /v1/history/:id/diff?other=&at=&span=&map=                   DiffAnswer
 *     POST   /v1/timeline                        TimelineRequest → lines of JSON, each a TimelineItem
 *     POST   /v1/query                           QueryRequest → QueryResult
 *     GET    /healthz, /readyz                   200 when alive; when NATS and store answer
 */
import type { MergeMode } from '../merge/merge-mode.ts';
import type { OutputItem } from '../render/output-item.ts';
import type { AtLeast } from './at-least.ts';
import type { ContainerFilter } from './container-filter.ts';
import type { Coverage } from './coverage.ts';
import type { Selector } from './control.ts';
import type { HostPolicy } from './control.ts';
import type { ProgramFiles } from './program-files.ts';
import type { SessionBudget } from './session-budget.ts';

export interface HostInfo {
  readonly host: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly kernel: string;
  readonly arch: string;
  readonly features: readonly string[];
  readonly agentVersion: string;
  readonly state: 'live' | 'lost';
  readonly lastSeenMs: number;
  /** Added to the host's clock gives the coordinator's, nanoseconds, and its error bound. */
  readonly clockOffsetNs: number;
  readonly clockErrorNs: number;
  readonly sessions: readonly string[];
  /** Absent where its agent was given none. */
  readonly policy?: HostPolicy;
}

/** A program, and the hosts it is meant for. */
export interface CheckRequest {
  readonly program: string;
  readonly sourceName: string;
  /** What it imports and includes. */
  readonly files?: ProgramFiles;
  /** Headers that come before its own definitions. */
  readonly includes?: readonly string[];
  readonly parameters: readonly string[];
  /** For `getopt`: `name=value`, or `name` alone for true. */
  readonly namedParameters?: readonly string[];
  readonly selector: Selector;
  readonly unsafe: boolean;
  /** Text and bytes of what is traced do not leave the hosts. */
  readonly redact?: boolean;
  /** Milliseconds to wait for hosts to arm before starting without the slow ones. */
  readonly armTimeoutMs?: number;
  readonly who: string;
}

export interface RunRequest extends CheckRequest {
  /** The session's id to be; asked for once more, perhaps of another coordinator, it is the same session. */
  readonly id?: string;
  readonly durationMs?: number;
  /** `meaning` when absent. */
  readonly merge?: MergeMode;
  /** With fewer hosts armed nothing starts; one host when absent. */
  readonly atLeast?: AtLeast;
  readonly containers?: ContainerFilter;
  /** A host where it takes more ends it there. */
  readonly budget?: SessionBudget;
  /** Spans to find, as written; `auto` for those of all pairs of probes that print at both. */
  readonly spans?: readonly string[];
  /** Pairs of events to find, as written. */
  readonly joins?: readonly string[];
}

/** Whether one host would run a program: it compiled and loaded it, and attached nothing. */
export type HostVerdict = { readonly host: string } & (
  | { readonly verdict: 'loads'; readonly probes: number; readonly warnings: string }
  /** The program does not fit this host; rendered diagnostics. */
  | { readonly verdict: 'refused'; readonly message: string }
  /** The host could not tell. */
  | { readonly verdict: 'failed'; readonly message: string }
);

export interface CheckResult {
  /** By name. */
  readonly hosts: readonly HostVerdict[];
}

export type SessionState = 'arming' | 'running' | 'stopping' | 'ended' | 'failed';

export interface SessionInfo {
  readonly id: string;
  readonly program: string;
  readonly sourceName: string;
  readonly selector: Selector;
  readonly merge: MergeMode;
  readonly state: SessionState;
  readonly createdAtMs: number;
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
  /** Once ended: of the hosts by name, the first exit code that is not 0, else 0. */
  readonly exitCode?: number;
  /** Id of the coordinator that acts for it, until it is over. */
  readonly coordinator?: string;
  readonly coverage: Coverage;
}

/** Errors of the user's program, each once with the hosts it concerns (empty: found by the coordinator itself). */
export interface ProgramRejected {
  readonly code: 'program-rejected';
  readonly message: string;
  readonly faults: readonly { readonly message: string; readonly hosts: readonly string[] }[];
}

export interface ApiError {
  readonly code: string;
  readonly message: string;
}

export type StreamItem =
  /** This coordinator hears nothing of the session at the moment; another one may. */
  | { readonly kind: 'cut-off'; readonly reason: string }
  /** Comes first where output since a time was asked for. `complete`: none of it is missing. */
  | { readonly kind: 'resumed'; readonly complete: boolean }
  /** Whenever the session's state or a host's outcome changes. */
  | { readonly kind: 'session'; readonly session: SessionInfo }
  /** Something to print, in fleet-time order. */
  | { readonly kind: 'output'; readonly item: OutputItem }
  /** The merged maps so far, once a second while anything changes. */
  | { readonly kind: 'live'; readonly maps: readonly OutputItem[]; readonly session: SessionInfo }
  /** The end: final maps and coverage. */
  | {
      readonly kind: 'result';
      readonly maps: readonly OutputItem[];
      readonly session: SessionInfo;
    };

export interface QueryRequest {
  readonly sql: string;
  /** Who asks, by the caller's own word. */
  readonly who?: string;
}

export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Each value as ClickHouse's JSONCompact writes it; 64-bit integers as strings. */
  readonly rows: readonly (readonly unknown[])[];
}
