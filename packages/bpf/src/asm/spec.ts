/**
 * What the compiler hands to the loader: plain, serialisable data. Kernel objects exist only after
 * `BpfMap.create` and `Program.load` turn a spec into them.
 */
import type { Instruction } from './instruction.ts';

export type MapType =
  | 'hash'
  | 'array'
  | 'percpu_hash'
  | 'percpu_array'
  | 'lru_hash'
  | 'lru_percpu_hash'
  | 'ringbuf'
  | 'perf_event_array'
  /** Of programs that others call; values are descriptors of theirs. */
  | 'prog_array';

export interface MapSpec {
  /** Unique in its session; what `Instruction.map` refers to. */
  readonly name: string;
  readonly type: MapType;
  /** Bytes; 0 for a ring buffer. */
  readonly keySize: number;
  /** Bytes of one value (of one CPU, for the per-CPU types); 0 for a ring buffer. */
  readonly valueSize: number;
  /**
   * Entries; bytes (a power of two and a multiple of the page size) for a ring buffer; bytes for each CPU for an array of
   * perf events, which has an entry for each possible one.
   */
  readonly maxEntries: number;
  /** `BPF_F_…` creation flags. */
  readonly flags: number;
  /** Contents of element 0 of an array map, written at creation. */
  readonly initial?: Uint8Array;
  /** Make the map read-only for programs and user space after `initial` is written. */
  readonly frozen?: boolean;
}

export type ProgramType = 'kprobe' | 'tracepoint' | 'raw_tracepoint' | 'perf_event' | 'tracing';

export interface ProgramSpec {
  /** At most 15 characters of `[A-Za-z0-9_.]` reach the kernel. */
  readonly name: string;
  readonly type: ProgramType;
  /** For `tracing` programs: which kernel function or tracepoint, found in BTF when the program is loaded. */
  readonly tracing?: {
    readonly attachType: 'fentry' | 'fexit' | 'raw_tp' | 'iter';
    readonly function: string;
    readonly module?: string;
    /** Instead of the kernel: the loaded BPF program with this id, in which `function` is. */
    readonly programId?: number;
  };
  /** Needed to attach through a `*_multi` link. */
  readonly multi?: 'kprobe' | 'kprobe-session' | 'uprobe';
  readonly instructions: readonly Instruction[];
  /** A licence string the kernel knows; "GPL" unless the program says otherwise. */
  readonly license: string;
}
