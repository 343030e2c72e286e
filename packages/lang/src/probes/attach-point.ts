/** An attach point taken apart: plain data, before anything is looked up on a machine. */

export type Provider =
  | 'begin'
  | 'end'
  | 'self'
  | 'test'
  | 'bench'
  | 'kprobe'
  | 'kretprobe'
  | 'fentry'
  | 'fexit'
  | 'tracepoint'
  | 'rawtracepoint'
  | 'uprobe'
  | 'uretprobe'
  | 'usdt'
  | 'profile'
  | 'interval'
  | 'software'
  | 'hardware'
  | 'watchpoint'
  | 'iter';

/** `wildcard`: some part holds a `*`, so that it may stand for any number of probes. */
export type ParsedAttachPoint =
  | { readonly kind: 'special'; readonly provider: 'begin' | 'end' }
  | { readonly kind: 'signal'; readonly provider: 'self'; readonly signal: string }
  | { readonly kind: 'trial'; readonly provider: 'test' | 'bench'; readonly name: string }
  | KernelFunctionPoint
  | {
      /** A loaded BPF program, or each whose name matches. */
      readonly kind: 'bpf-program';
      readonly provider: 'fentry' | 'fexit';
      readonly id?: number;
      readonly name: string;
      readonly wildcard: boolean;
    }
  | {
      readonly kind: 'tracepoint';
      readonly provider: 'tracepoint';
      readonly category: string;
      readonly event: string;
      readonly wildcard: boolean;
    }
  | {
      readonly kind: 'rawtracepoint';
      readonly provider: 'rawtracepoint';
      readonly module?: string;
      readonly event: string;
      readonly wildcard: boolean;
    }
  | UserFunctionPoint
  | {
      readonly kind: 'usdt';
      readonly provider: 'usdt';
      /** Empty if it is left to `-p`. */
      readonly path: string;
      /** The provider within the file, such as `libc`. */
      readonly namespace?: string;
      readonly name: string;
      readonly wildcard: boolean;
    }
  | TimerPoint
  | {
      readonly kind: 'event';
      readonly provider: 'software' | 'hardware';
      readonly event: string;
      /** Every how many events; absent for the event's own default. */
      readonly count?: bigint;
    }
  | {
      readonly kind: 'watchpoint';
      readonly provider: 'watchpoint';
      readonly address: bigint;
      /** Bytes watched from there on. */
      readonly length: 1 | 2 | 4 | 8;
      /** Of `r`, `w` and `x`, in this order. */
      readonly mode: string;
    }
  | {
      readonly kind: 'iter';
      readonly provider: 'iter';
      /** What the kernel walks over: `task_file`. */
      readonly iterator: string;
      /** Where to pin the iterator instead of reading it. */
      readonly pin?: string;
    };

export interface KernelFunctionPoint {
  readonly kind: 'kernel-function';
  readonly provider: 'kprobe' | 'kretprobe' | 'fentry' | 'fexit';
  readonly module?: string;
  /** Empty if attached by address. */
  readonly function: string;
  readonly address?: bigint;
  /** Bytes past the start of the function. */
  readonly offset: number;
  readonly wildcard: boolean;
}

export interface UserFunctionPoint {
  readonly kind: 'user-function';
  readonly provider: 'uprobe' | 'uretprobe';
  /** Empty if it is left to `-p`. */
  readonly path: string;
  /** `cpp`: match demangled names. */
  readonly language?: string;
  /** Empty if attached by address. */
  readonly symbol: string;
  /** Bytes past the start of the symbol. */
  readonly offset: number;
  /** Virtual address in the file, instead of a symbol. */
  readonly address?: bigint;
  /** A source line, instead of a symbol; column 0 is any. */
  readonly source?: { readonly file: string; readonly line: number; readonly column: number };
  readonly wildcard: boolean;
}

export interface TimerPoint {
  readonly kind: 'timer';
  readonly provider: 'profile' | 'interval';
  readonly unit: 'hz' | 's' | 'ms' | 'us';
  readonly count: bigint;
}
