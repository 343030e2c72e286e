/** Who did what, as a row of `audit`. */
import type { AuditAction } from '@bpfleet/protocol';
import type { Row } from './batch-writer.ts';
import { dateTime64 } from './column-text.ts';

/** Somebody did something, or was not let. */
export interface AuditedAction {
  readonly atMs: number;
  readonly who: string;
  /** Where the request came from. */
  readonly address: string;
  readonly action: AuditAction;
  readonly session?: string;
  /** Of the program. */
  readonly digest?: string;
  /** The program, the SQL, or the route. */
  readonly detail?: string;
  /** `done`, or why not. */
  readonly outcome: string;
}

/** Nobody fills a table with one request. */
const MAX_DETAIL = 64 * 1024;

export function auditRow(audited: AuditedAction): Row {
  const { atMs, who, address, action, session = '', digest = '', detail = '', outcome } = audited;
  const at = dateTime64(BigInt(atMs) * 1_000_000n);
  return [at, who, address, action, session, digest, detail.slice(0, MAX_DETAIL), outcome];
}
