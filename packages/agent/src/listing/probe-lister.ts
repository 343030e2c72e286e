/** One provider's part of `-l`: which probes there are, and what each passes to a program. */
import type { ProgramRequest } from '../target/compile-for-machine.ts';
import type { Machine } from '../target/machine.ts';

export interface ListedProbe {
  /** `tracepoint:syscalls:sys_enter_openat`. */
  readonly name: string;
  /** C declarations of its arguments, asked for with `-lv` only. */
  readonly parameters: () => readonly string[];
}

export interface ListPattern {
  /** What follows the provider, colons and wildcards included; undefined for everything. */
  readonly rest: string | undefined;
  readonly debug: Pick<ProgramRequest, 'debugDirectories' | 'warn'>;
}

export interface ProbeLister {
  readonly provider: string;
  /** Listed too when the pattern names no provider: not so what needs a file. */
  readonly general: boolean;
  readonly list: (machine: Machine, pattern: ListPattern) => Iterable<ListedProbe>;
}
