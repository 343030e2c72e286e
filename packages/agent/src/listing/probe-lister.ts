/** One provider's part of `-l`: which probes there are, and what each passes to a program. */
import type { DebugSettings } from '../debug/user-file.ts';
import type { Machine } from '../target/machine.ts';

/** What a pattern or a program names is not there. */
export class NoSuchFileError extends Error {
  override readonly name = 'NoSuchFileError';
}

export interface ListedProbe {
  /** `tracepoint:syscalls:sys_enter_openat`. */
  readonly name: string;
  /** C declarations of its arguments, asked for with `-lv` only. */
  readonly parameters: () => readonly string[];
}

export interface ListSettings {
  /** `-v`: with what each probe passes. */
  readonly arguments: boolean;
  /** From -p: what is in the files of this process. */
  readonly pid?: number;
  /** The value of `PATH`. */
  readonly searchPath: string;
  readonly debug: DebugSettings;
}

export interface ListPattern extends ListSettings {
  /** What follows the provider, colons and wildcards included. */
  readonly rest: string;
}

export interface ProbeLister {
  readonly provider: string;
  readonly list: (machine: Machine, pattern: ListPattern) => Iterable<ListedProbe>;
}
