/**
 * What the owner of a node allows on it, whatever the fleet asks for. Plain data: a supervisor sends it to its runners,
 * which judge sessions by it. docs/policy.md describes the file.
 */
import type { Budget } from '../governor/budget.ts';

/** A pattern in which `*` stands for anything, and where in the file it is: `never.functions[0]`. */
export interface PolicyRule {
  readonly field: string;
  readonly pattern: string;
}

export interface Policy {
  /** The file; absent where an agent was given none. */
  readonly path?: string;
  /** Of its text: what `bpfleet hosts --json` shows. */
  readonly digest?: string;
  /** Kinds of probes; all when absent. */
  readonly allowed?: readonly string[];
  readonly denied: readonly string[];
  /** Functions of the kernel, by name or `module:name`. */
  readonly functions: readonly PolicyRule[];
  /** `category:event`; however the event is reached. */
  readonly tracepoints: readonly PolicyRule[];
  /** Programs and libraries that user probes may not be in. */
  readonly files: readonly PolicyRule[];
  /** Paths of control groups of version 2 whose processes, and those below, run no program of ours. */
  readonly cgroups: readonly PolicyRule[];
  readonly unsafe: boolean;
  /** Strings do not leave the node. */
  readonly redact: boolean;
  /** On top of what the command line says: the smaller counts. */
  readonly budget: Partial<Budget>;
}

/** Of an agent that was given none: all but `--unsafe`. */
export const NO_POLICY: Policy = {
  denied: [],
  functions: [],
  tracepoints: [],
  files: [],
  cgroups: [],
  unsafe: false,
  redact: false,
  budget: {},
};
