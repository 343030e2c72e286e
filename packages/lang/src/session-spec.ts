/**
 * What the compiler makes of a program: kernel maps and programs as plain data, how to attach each, and the
 * schema that receivers decode by. Kernel objects exist only after the agent loads it.
 */
import type { MapSpec, ProgramSpec } from '@bpfleet/bpf/asm';
import type { Schema } from '@bpfleet/protocol';

export interface SessionSpec {
  readonly maps: readonly MapSpec[];
  readonly programs: readonly ProbeProgram[];
  readonly schema: Schema;
  /** What to do about probes that cannot be attached. */
  readonly missingProbes: 'error' | 'warn' | 'ignore';
  /** Stack maps, present when the program takes stacks: hash → { u64 count; u64 address[count] }. */
  readonly usesStacks: boolean;
  /** `dw_ustack` is used: the agent fills the tables of `UNWIND`, and makes their map large enough. */
  readonly usesUnwinding: boolean;
  /** Names of containers and pods are asked for, also of some that are gone by then. */
  readonly usesContainers: boolean;
  readonly symbols: SymbolSettings;
  /** How probes are attached where there is a choice, and why so; for -v. */
  readonly choices: readonly string[];
  /** Files of packets that the program writes on its host, by their numbers in the records of `KERNEL_MAPS.packets`. */
  readonly packetFiles: readonly string[];
}

/** How addresses of user programs are named. */
export interface SymbolSettings {
  /** With files and lines, and inlined functions, in stacks. */
  readonly debugInfo: boolean;
  /** C++ and Rust names as the source has them. */
  readonly demangle: boolean;
  /** What was read of processes and files is kept: those that are gone have names. */
  readonly cached: boolean;
}

/** What an attachment of its own takes. */
export type SingleAttach = Extract<
  AttachSpec,
  { kind: 'tracepoint' | 'rawtracepoint' | 'kprobe' | 'uprobe' }
>;

/** Kernel maps every session may have, by name in `SessionSpec.maps`. */
export const KERNEL_MAPS = {
  /** The ring buffer of all events. */
  ring: 'ring',
  /** Per-CPU u64[3]: events lost to a full ring; map updates refused; runs skipped while scratch memory was in use. */
  losses: 'losses',
  /** u64 hash → { u64 count; u64 addresses[limit] }. */
  stacks: 'stacks',
  /** An array of perf events for `skboutput`, present when there are packet files; see `PACKET_HEADER`. */
  packets: 'packets',
  /** See `UNWIND`. */
  unwindMappings: 'unwind_maps',
  unwindRows: 'unwind_rows',
  /** u64 id of a control group → u64, present where a Target has a `cgroupFilter`: groups whose processes are traced. */
  cgroups: 'cgroups',
} as const;

/** How deep a group of `KERNEL_MAPS.cgroups` may be; groups within it may be at any depth. */
export const MAX_CGROUP_LEVEL = 16;

export type SystemCallPhase = 'enter' | 'exit';
/** What is before the bytes of a packet; where each part is. */
export const PACKET_HEADER = {
  /** u64, of the boot clock. */
  nsecs: 0,
  /** u32, into `SessionSpec.packetFiles`. */
  file: 8,
  /** u32 bytes of the packet that follow; the record has some more to fill it up. */
  length: 12,
  /** u64 bytes to leave out of them. */
  skip: 16,
  bytes: 24,
} as const;

export interface ProbeProgram {
  readonly program: ProgramSpec;
  /** Programs that it goes on to by tail calls, the first by number 1 of this map. */
  readonly rest?: { readonly table: string; readonly programs: readonly ProgramSpec[] };
  readonly attach: AttachSpec;
  /** What `probe` prints: `tracepoint:syscalls:sys_enter_read`; empty for a program of the compiler's own. */
  readonly probe: string;
  /** How many probes it stands for: several with a multi link, none for further places of the same USDT probe. */
  readonly probes: number;
  /** Each of its attachments has its place in the list as its cookie. */
  readonly cookies?: true;
}

export type AttachSpec =
  /** Run once through BPF_PROG_TEST_RUN: before attaching, and after detaching. */
  | { readonly kind: 'begin' | 'end' }
  /** Run on this signal to the tracer. */
  | { readonly kind: 'self-signal'; readonly signal: string }
  /** Run through BPF_PROG_TEST_RUN when tests or benchmarks are asked for, and never else. */
  | { readonly kind: 'test' | 'bench'; readonly name: string }
  | {
      readonly kind: 'tracepoint';
      readonly category: string;
      readonly event: string;
      readonly id: number;
    }
  /** `table`: the map of the programs that it goes on to; see `system-calls`. */
  | { readonly kind: 'rawtracepoint'; readonly event: string; readonly table?: string }
  /** Entered into a table of programs, at the calls' numbers: another program at a raw tracepoint calls it. */
  | {
      readonly kind: 'system-calls';
      readonly phase: SystemCallPhase;
      readonly map: string;
      readonly calls: readonly { readonly number: number; readonly probe: string }[];
    }
  | {
      readonly kind: 'kprobe';
      /** Empty if attached by address. */
      readonly function: string;
      readonly module?: string;
      readonly address?: bigint;
      readonly offset: number;
      readonly returns: boolean;
    }
  /** One program at many places, by as many attachments. */
  | {
      readonly kind: 'each';
      readonly places: readonly { readonly probe: string; readonly attach: SingleAttach }[];
    }
  | {
      readonly kind: 'kprobe-multi';
      readonly functions: readonly string[];
      readonly returns: boolean;
    }
  /** Runs at the entry and at the return of each, and asks the kernel which it is. */
  | { readonly kind: 'kprobe-session'; readonly functions: readonly string[] }
  | {
      readonly kind: 'uprobe-multi';
      readonly path: string;
      readonly fileOffsets: readonly number[];
      readonly returns: boolean;
      readonly pid?: number;
    }
  | {
      readonly kind: 'watchpoint';
      readonly address: bigint;
      readonly length: 1 | 2 | 4 | 8;
      readonly mode: string;
      /** Every thread of this process; absent for addresses of the kernel. */
      readonly pid?: number;
    }
  /** Read once all is attached, or pinned there to be read by others. */
  | { readonly kind: 'iter'; readonly pin?: string }
  /** fentry, fexit and tp_btf: the target is in `ProgramSpec.tracing`. */
  | { readonly kind: 'tracing' }
  | {
      readonly kind: 'uprobe';
      readonly path: string;
      readonly fileOffset: number;
      readonly returns: boolean;
      readonly semaphoreOffset: number;
      readonly pid?: number;
    }
  /** On each online CPU for `profile`, software and hardware events; on one for `interval`. */
  | {
      readonly kind: 'perf-event';
      /** `PERF_TYPE_…` and its config. */
      readonly type: number;
      readonly config: bigint;
      readonly sample:
        | { readonly periodNs: bigint }
        | { readonly period: bigint }
        | { readonly frequencyHz: bigint };
      readonly cpus: 'all' | 'one';
      readonly pid?: number;
    };
