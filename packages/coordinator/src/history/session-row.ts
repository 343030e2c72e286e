/** A row of the table `sessions`, as the API tells of a session. */
import {
  decodeJson,
  type Coverage,
  type MergeMode,
  type Selector,
  type SessionInfo,
  type SessionState,
} from '@bpfleet/protocol';

export const SESSION_COLUMNS = `id, program, source_name, selector, merge, state,
  toUnixTimestamp64Milli(created_at) AS created, toUnixTimestamp64Milli(started_at) AS started,
  toUnixTimestamp64Milli(ended_at) AS ended, exit_code, coverage`;

export interface SessionRow {
  readonly id: string;
  readonly program: string;
  readonly source_name: string;
  readonly selector: string;
  readonly merge: string;
  readonly state: string;
  readonly created: string;
  readonly started: string | null;
  readonly ended: string | null;
  readonly exit_code: number | null;
  readonly coverage: string;
}

export function sessionOf(row: SessionRow): SessionInfo {
  return {
    id: row.id,
    program: row.program,
    sourceName: row.source_name,
    selector: decodeJson(row.selector) as Selector,
    merge: row.merge as MergeMode,
    state: row.state as SessionState,
    createdAtMs: Number(row.created),
    ...(row.started !== null && { startedAtMs: Number(row.started) }),
    ...(row.ended !== null && { endedAtMs: Number(row.ended) }),
    ...(row.exit_code !== null && { exitCode: row.exit_code }),
    coverage: decodeJson(row.coverage) as Coverage,
  };
}
