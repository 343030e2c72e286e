/** What a user decides about a compilation beside the program. */

export interface CompileOptions {
  /** `$1`, `$2` … */
  readonly parameters: readonly string[];
  /** `BPFTRACE_…` variables that override the script's config. */
  readonly environment: Readonly<Record<string, string>>;
  /** Allow `system`, `signal` and the like. */
  readonly unsafe: boolean;
}
