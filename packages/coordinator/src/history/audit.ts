/** Who did what, read back. */
import type { AuditAction, AuditEntry, AuditFilter } from '@bpfleet/protocol';
import type { StoreReader } from '../store/reader.ts';
import { globPattern } from './session-filter.ts';

const DEFAULT_LIMIT = 100;

interface AuditRow {
  readonly at_ms: string;
  readonly who: string;
  readonly address: string;
  readonly action: AuditAction;
  readonly session: string;
  readonly digest: string;
  readonly detail: string;
  readonly outcome: string;
}

/** The newest, in order of time. */
export async function readAudit(
  reader: StoreReader,
  { sinceMs, untilMs, user, action, session, limit = DEFAULT_LIMIT }: AuditFilter,
): Promise<readonly AuditEntry[]> {
  const conditions = [
    ...(sinceMs === undefined ? [] : ['at >= fromUnixTimestamp64Milli({since:Int64})']),
    ...(untilMs === undefined ? [] : ['at <= fromUnixTimestamp64Milli({until:Int64})']),
    ...(user === undefined ? [] : ['match(who, {user:String})']),
    ...(action === undefined ? [] : ['action = {action:String}']),
    ...(session === undefined ? [] : ['startsWith(session, {session:String})']),
  ];
  const rows = await reader.rows<AuditRow>(
    `SELECT toUnixTimestamp64Milli(at) AS at_ms, who, address, action, session, digest, detail, outcome
     FROM audit WHERE ${conditions.length === 0 ? '1' : conditions.join(' AND ')}
     ORDER BY at DESC LIMIT {limit:UInt32}`,
    {
      limit,
      ...(sinceMs !== undefined && { since: sinceMs }),
      ...(untilMs !== undefined && { until: untilMs }),
      ...(user !== undefined && { user: globPattern(user) }),
      ...(action !== undefined && { action }),
      ...(session !== undefined && { session }),
    },
  );
  return rows.map(({ at_ms, ...row }) => ({ atMs: Number(at_ms), ...row })).toReversed();
}
