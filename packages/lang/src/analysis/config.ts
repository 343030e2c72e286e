/** Configuration of a program: built-in defaults, then the script's `config = { … }`, then `BPFTRACE_…` variables. */

/** What becomes of a program that uses a feature that may still change. */
export type Unstable = 'enable' | 'warn' | 'error';

export interface Config {
  readonly maxStrlen: number;
  readonly maxMapKeys: number;
  readonly maxProbes: number;
  readonly maxBpfProgs: number;
  readonly maxCatBytes: number;
  readonly onStackLimit: number;
  readonly printMapsOnExit: boolean;
  readonly stackMode: 'bpftrace' | 'perf' | 'raw';
  readonly strTruncTrailer: string;
  readonly missingProbes: 'error' | 'warn' | 'ignore';
  readonly license: string;
  /** Ring buffer pages; 0 chooses by itself. */
  readonly perfRbPages: number;
  readonly cppDemangle: boolean;
  /** Files and lines, and inlined functions, in stacks. */
  readonly showDebugInfo: boolean;
  readonly lazySymbolication: boolean;
  /** A map that stands for all clocks, for tests of programs that depend on the time. */
  readonly clockMap: string | undefined;
  readonly unstableTseries: Unstable;
  readonly cacheUserSymbols: 'PER_PID' | 'PER_PROGRAM' | 'NONE' | undefined;
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
  clockMap: undefined,
  unstableTseries: 'warn',
  cacheUserSymbols: undefined,
};
