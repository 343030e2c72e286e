/**
 * What of the store is for admins: what everybody asked and ran stands in `audit`, and in ClickHouse's own logs of
 * queries. A statement that names them in any way is one of an admin.
 */
import { TOKENS } from './read-only-sql.ts';

/** Tables, and functions that read tables by a name or a pattern which they are given as text; lower case. */
const NAMES =
  /^(?:audit|audit_local|merge|loop|mergetree\w*|dictget\w*|dictionary|(?:query|text|session|crash|error|asynchronous_insert|opentelemetry_span|backup|part|trace)\w*_log|processes)$/;

/** The first of its names that only admins may use, or undefined. */
export function adminTable(sql: string): string | undefined {
  for (const [token] of sql.matchAll(TOKENS)) {
    const [, quote, quoted] = /^(["`'])([\s\S]*)\1$/.exec(token) ?? [];
    const name = quoted ?? token;
    if (NAMES.test(name.toLowerCase())) return name;
    // A name may be written with escapes, which nobody needs who does not hide it.
    if (quote !== undefined && quote !== "'" && name.includes('\\')) return name;
  }
  return undefined;
}
