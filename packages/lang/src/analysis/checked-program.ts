/**
 * A program after analysis, ready to be lowered: parameters spliced, constants folded, attach points expanded, every
 * expression typed, every map planned. Nothing here can fail any more for a reason in the user's source.
 *
 * What the bodies hold, beyond the grammar:
 * - Builtins have one spelling: `comm`, never `comm()` or `__builtin_comm`. `probetype`, `ncpus`, `cpid`, `kaddr(…)`, `cgroupid(…)`
 *   and, where the probe has no `names`, `probe` are literals, the numbers in a cast to uint64.
 * - `delete` and `has_key` have the element `@m[k]` (or the scalar map) as their only argument.
 * - Integer literals may be negative; folding made them so.
 * - No conversion is written out. A value is stored in the type of its variable, key or map value, and two operands meet in
 *   the type that `promoteFlexible` gives them, literals being flexible as `isSignFlexible` says.
 * - Maps passed whole (`print(@m)`, `clear(@m)`), and words such as `perf` in `kstack(perf)`, have no type.
 * - A plain integer in a map takes 64 bits. An aggregation that is read has the aggregation as its type.
 */
import type { AttachSpec } from '../session-spec.ts';
import type { Block, Expression } from '../syntax/ast.ts';
import type { Source } from '../source.ts';
import type { ResolvedProbe, Target, UsdtLocation } from '../target.ts';
import type { Aggregation, Type } from '../types/type.ts';
import type { Config } from './config.ts';

export interface CheckedProgram {
  readonly source: Source;
  readonly target: Target;
  readonly config: Config;
  readonly probes: readonly CheckedProbe[];
  /** The program's own functions, by name. */
  readonly functions: ReadonlyMap<string, CheckedFunction>;
  /** Type of every expression node in every probe's body; bodies of expanded probes are distinct nodes. */
  readonly types: ReadonlyMap<Expression, Type>;
  readonly maps: ReadonlyMap<string, MapPlan>;
  /** See `SessionSpec.choices`. */
  readonly choices: readonly string[];
}

/** One attach point with its own copy of the body: one kernel program (one per location for USDT). */
export interface CheckedProbe {
  /** What `probe` gives: `kprobe:vfs_read`. */
  readonly name: string;
  /** The attach points of the block as written, providers by their full names. */
  readonly attachPoints: readonly string[];
  /** Canonical provider: `kretprobe`, `tracepoint`, `begin` … */
  readonly provider: string;
  readonly resolved: ResolvedProbe;
  readonly attach: AttachSpec;
  /** The location this program is for, when it is a USDT probe. */
  readonly usdt?: UsdtLocation;
  /** How the context is laid out and entered; chosen from what the kernel has (kprobe as fentry, for one). */
  readonly context: ProbeContext;
  /** Predicate folded in by the analysis as `if (predicate) { … }` around the body. */
  readonly body: Block;
  /** Types of the variables of this probe by name, unique within the probe (shadowing is an error). */
  readonly variables: ReadonlyMap<string, Type>;
  /** Hits are dropped unless the current process is this one (-p, -c), where the kernel cannot filter. */
  readonly filterPid?: number;
  /** Which half of a program it is that runs at the entry and at the return of functions. */
  readonly session?: SessionHalf;
  /** See `ProbeProgram.probes`; 1 when absent. */
  readonly count?: number;
  /** What `probe` gives where the program serves many attach points; `name` is then that of them all. */
  readonly names?: SharedNames;
}

/** By the cookie of the attachment or, of system calls, by the number of the call. */
export interface SharedNames {
  /** Of the longest, with its NUL. */
  readonly sizeBytes: number;
  readonly texts: readonly string[];
}

/** Both halves of a program have its number. */
export interface SessionHalf {
  readonly number: number;
  readonly at: 'entry' | 'return';
}

/** Its body may be lowered many times: into each program that calls it. */
export interface CheckedFunction {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly type: Type }[];
  /** `void` for none. */
  readonly returns: Type;
  readonly body: Block;
  readonly variables: ReadonlyMap<string, Type>;
}

export type ProbeContext =
  | 'none' // begin, end: a raw_tracepoint program run by hand
  | 'tracepoint' // context is the event's record
  | 'raw_tracepoint' // u64 args[]
  | 'system_call' // of sys_enter and sys_exit: struct pt_regs *, and the number or the result
  | 'pt_regs' // kprobe, kretprobe, uprobe, uretprobe, usdt
  | 'tracing' // fentry, fexit: u64 args[], then the result
  | 'iter' // struct bpf_iter__…: pointers to what is walked over
  | 'perf_event'; // struct bpf_perf_event_data: pt_regs first

export interface MapPlan {
  readonly name: string;
  readonly key: Type | undefined;
  readonly value: Type | Aggregation;
  readonly maxEntries: number;
  /** `let @m = lruhash(N)` and the like. */
  readonly declaredType?: 'hash' | 'lruhash' | 'percpuhash' | 'percpulruhash';
  /** See `MapSchema.hostLocal`. */
  readonly hostLocal: boolean;
}
