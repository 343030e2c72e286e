/** Who did what, as the coordinator's API tells of it. */

export const AUDIT_ACTIONS = [
  'run',
  'check',
  'stop',
  'remove',
  'query',
  'token',
  'library',
  'denied',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export interface AuditEntry {
  /** Unix milliseconds. */
  readonly atMs: number;
  /** The name of a token; without authentication, what the caller's terminal said. Empty for nobody known. */
  readonly who: string;
  /** That the request came from. */
  readonly address: string;
  readonly action: AuditAction;
  readonly session: string;
  /** Of the program. */
  readonly digest: string;
  /** The program, the SQL, or the route. */
  readonly detail: string;
  /** `done`, or why not. */
  readonly outcome: string;
}

export interface AuditFilter {
  readonly sinceMs?: number;
  readonly untilMs?: number;
  /** `*` and `?` stand for any text and any character. */
  readonly user?: string;
  readonly action?: AuditAction;
  readonly session?: string;
  readonly limit?: number;
}
