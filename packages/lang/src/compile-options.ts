/** What a user decides about a compilation beside the program. */
import type { ProgramFiles } from '@bpfleet/protocol';

export interface CompileOptions {
  /** `$1`, `$2` … */
  readonly parameters: readonly string[];
  /** For `getopt`, without dashes: `name=value`, or `name` alone for true. */
  readonly namedParameters?: readonly string[];
  /** `BPFTRACE_…` variables that override the script's config. */
  readonly environment: Readonly<Record<string, string>>;
  /** Allow `system`, `signal` and the like. */
  readonly unsafe: boolean;
  /** Runs on many hosts for somebody who is on none of them: what would leave files there is refused. */
  readonly onFleet?: boolean;
  /** Report each read that fails and each element that is missing while the program runs. */
  readonly reportReads?: boolean;
  /** Text and bytes of the traced system do not leave its host: see docs/redaction.md. */
  readonly redact?: boolean;
  /** What the program imports and includes, as `collectProgramFiles` found it. */
  readonly files?: ProgramFiles;
  /** `--include`: headers included before the program's own definitions. */
  readonly includes?: readonly string[];
}
