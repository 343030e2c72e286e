/** One case of a runtime suite: what is run, around what, and what must come out. */

export type Expectation =
  /** A whole line (or lines) of the output, but for white space around it. */
  | { readonly kind: 'text'; readonly text: string; readonly wanted: boolean }
  | { readonly kind: 'regex'; readonly pattern: string; readonly wanted: boolean }
  /** All of the output, as in the file. */
  | { readonly kind: 'file'; readonly path: string }
  /** All of the output, equal as JSON: one value, or one value a line in an `.ndjson` file. */
  | { readonly kind: 'json'; readonly path: string };

export type CaseCommand =
  /** A shell line with `{{BPFTRACE}}` for the tracer. */
  | { readonly kind: 'shell'; readonly line: string }
  | { readonly kind: 'program'; readonly text: string };

export interface ConformanceCase {
  readonly suite: string;
  readonly name: string;
  readonly command: CaseCommand;
  readonly expectations: readonly Expectation[];
  /** Counted from when the probes are attached. */
  readonly timeoutSeconds: number;
  /** Programs that must run before the tracer starts; split at spaces, no shell. */
  readonly befores: readonly string[];
  /** Shell line run once the probes are attached. */
  readonly after: string | undefined;
  readonly setup: string | undefined;
  readonly cleanup: string | undefined;
  readonly minKernel: string | undefined;
  readonly maxKernel: string | undefined;
  /** Shell lines that succeed where the case can run. */
  readonly requirements: readonly string[];
  readonly features: readonly { readonly name: string; readonly wanted: boolean }[];
  readonly environment: Readonly<Record<string, string>>;
  /** Such as `x86_64`, `!s390x`, `le`; empty for all. */
  readonly architectures: readonly string[];
  readonly willFail: boolean;
  readonly returnCode: number;
  readonly newPidNamespace: boolean;
  readonly skippedIfEnvironmentHas: { readonly name: string; readonly value: string } | undefined;
  /** The expected file is a strftime format of this time, in seconds since 1970. */
  readonly timestampSeconds: number | undefined;
}

/** `SUITE.CASE`, as cases are chosen and reported. */
export function caseTitle({ suite, name }: ConformanceCase): string {
  return `${suite}.${name}`;
}
