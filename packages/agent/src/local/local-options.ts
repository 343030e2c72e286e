/** What `bpfleet local` was asked to do: bpftrace's command line, parsed. */
import type { OptionalFeature } from '../target/features.ts';
import type { ContainerFilter, ProgramFiles } from '@bpfleet/protocol';

export interface LocalOptions {
  /** The program; absent for `list` and `info`. */
  readonly source?: ProgramText;
  readonly list?: ListRequest;
  readonly info: boolean;
  readonly format: 'text' | 'json';
  /** Script output goes here instead of standard output. */
  readonly outputPath?: string;
  /** `line` writes whole lines at once, `none` writes at once, `full` gathers blocks. */
  readonly bufferMode: 'line' | 'full' | 'none';
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** `-d`: ast, types, ir, asm, verifier or all. */
  readonly debugStages: readonly string[];
  readonly pid?: number;
  /** `-c`: started stopped, let go once the probes are attached; its end ends the run. */
  readonly command?: string;
  /** `--container`, `--cgroup`: only processes in these. */
  readonly containers?: ContainerFilter;
  readonly unsafe: boolean;
  /** End once the probes are attached; nothing is printed. */
  readonly dryRun: boolean;
  /** 0 none, 1 the default, 2 also failed reads and look-ups (`-k`). */
  readonly warnings: 0 | 1 | 2;
  /** `--test`, `--bench`: run the probes of this kind and attach none. */
  readonly trial?: 'test' | 'bench';
  /** `--probe-filter`: a regular expression; only the probes whose names it matches are loaded. */
  readonly probeFilter?: string;
  /** Compile and end: once, or again and again to measure the compiler. */
  readonly compileOnly?: 'once' | 'benchmark';
  /** `$1`, `$2` … */
  readonly parameters: readonly string[];
  /** What `getopt()` reads: `name` or `name=value`. */
  readonly namedParameters: readonly string[];
  /** `-I`: where `#include` looks beside the system's directories. */
  readonly includeDirectories: readonly string[];
  /** `--include`: included before the program. */
  readonly includeFiles: readonly string[];
  /** `--debuginfo`: where debug files are looked for before the usual directories. */
  readonly debugDirectories: readonly string[];
  /** `--dwarf-pid`: processes whose stacks are unwound though `-p` and `-c` do not name them. */
  readonly unwoundPids: readonly number[];
  /** `--traceable-functions`: a file that stands for ftrace's list of functions. */
  readonly traceableFunctionsPath?: string;
  /** Done without, though the kernel has them. */
  readonly disabledFeatures: readonly OptionalFeature[];
  /** Raise the semaphores of USDT probes in the file, for all processes, not in each process that is found. */
  readonly usdtFileActivation: boolean;
}

export interface ProgramText {
  /** `stdin` for `-e` and `-`, else the file name. */
  readonly name: string;
  readonly text: string;
  /** What it imports and includes. */
  readonly files?: ProgramFiles;
}

export interface ListRequest {
  /** `tracepoint:syscalls:*`, `struct task_struct`; all kernel probes when absent. */
  readonly pattern?: string;
  /** `-lv`: with arguments. */
  readonly arguments: boolean;
}

/** Where a local run writes, and how it learns that it shall end; the process belongs to the caller. */
export interface LocalIo {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted by the first SIGINT or SIGTERM: detach, run `end`, print the maps. */
  readonly interrupt: AbortSignal;
  /** Runs work that leaves no time to hear of signals: they end the process at once, and nothing is traced yet. */
  readonly whileBusy?: <Result>(work: () => Result) => Result;
  /** All that is left is to print: a signal may end the process from here on. */
  readonly onEnding?: () => void;
  /** Called for each SIGUSR1. */
  readonly onUserSignal: (listener: () => void) => void;
  /** `out` goes to a terminal, on which traced strings must not act. */
  readonly isTerminal?: boolean;
  /** Colour for diagnostics. */
  readonly color: boolean;
}
