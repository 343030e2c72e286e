/** Configuration of a program: built-in defaults, then the script's `config = { … }`, then `BPFTRACE_…` variables. */

import type { StackMode } from '@bpfleet/protocol';

/** How the use of an unstable feature is taken. */
export type Unstable = 'enable' | 'warn' | 'error';

export interface Config {
  readonly maxStrlen: number;
  readonly maxMapKeys: number;
  readonly maxProbes: number;
  readonly maxBpfProgs: number;
  readonly maxCatBytes: number;
  readonly onStackLimit: number;
  readonly printMapsOnExit: boolean;
  readonly stackMode: StackMode;
  readonly strTruncTrailer: string;
  readonly missingProbes: 'error' | 'warn' | 'ignore';
  readonly license: string;
  /** Ring buffer pages; 0 chooses by itself. */
  readonly perfRbPages: number;
  readonly cppDemangle: boolean;
  /** Files and lines, and inlined functions, in stacks. */
  readonly showDebugInfo: boolean;
  readonly lazySymbolication: boolean;
  /** Also failures that only give a zero are reported while the program runs. */
  readonly reportReads: boolean;
  /** Text of the traced system is not read. */
  readonly redact: boolean;
  /** A map that stands for all clocks, for tests of programs that depend on the time. */
  readonly clockMap: string | undefined;
  readonly cacheUserSymbols: 'PER_PID' | 'PER_PROGRAM' | 'NONE' | undefined;
  readonly unstable: {
    readonly importStatement: Unstable;
    readonly tseries: Unstable;
    readonly typeinfo: Unstable;
    readonly dwUstack: Unstable;
  };
  /** bpftrace's alone; they change nothing here but what `config` says. */
  readonly logSize: number;
  readonly useBlazesym: boolean;
}

export const DEFAULT_CONFIG: Config = {
  maxStrlen: 1024,
  maxMapKeys: 4096,
  maxProbes: 1024,
  maxBpfProgs: 1024,
  maxCatBytes: 10240,
  onStackLimit: 32,
  printMapsOnExit: true,
  stackMode: 'bpftrace',
  strTruncTrailer: '..',
  missingProbes: 'error',
  license: 'GPL',
  perfRbPages: 0,
  cppDemangle: true,
  showDebugInfo: true,
  lazySymbolication: true,
  reportReads: false,
  redact: false,
  clockMap: undefined,
  cacheUserSymbols: undefined,
  unstable: { importStatement: 'error', tseries: 'warn', typeinfo: 'error', dwUstack: 'warn' },
  logSize: 1_000_000,
  useBlazesym: true,
};
