/** The types of expressions, variables and maps. Plain data; printing and promotion live beside this file. */
import type { ContainerPart, SeriesAggregate, StackMode } from '@bpfleet/protocol';

/** `either`: only the address itself tells, as it does on x86_64 and arm64, where no address is in both. */
export type AddressSpace = 'kernel' | 'user' | 'either';

export type Type =
  /** Calls that give nothing. */
  | { readonly kind: 'void' }
  | {
      readonly kind: 'integer';
      readonly size: 1 | 2 | 4 | 8;
      readonly signed: boolean;
      /** Of an address that is kept as a number: whose memory it is in. Numbers that differ in it are of one type. */
      readonly space?: AddressSpace;
    }
  | { readonly kind: 'boolean' }
  /** `size` bytes including the NUL. */
  /** `array`: an array of C, which may be full without a NUL. */
  | { readonly kind: 'string'; readonly size: number; readonly array?: true }
  /** A u32 length and up to `size` bytes. */
  | { readonly kind: 'buffer'; readonly size: number }
  | {
      readonly kind: 'pointer';
      readonly target: Type;
      readonly space: AddressSpace;
      /** Each CPU has a copy of its own of what this points to. */
      readonly perCpu?: true;
    }
  | {
      readonly kind: 'array';
      readonly element: Type;
      readonly length: number;
      readonly space: AddressSpace;
    }
  /** A C struct or union that lives in kernel, user or context memory; never copied whole unless assigned. */
  | { readonly kind: 'struct'; readonly struct: Struct; readonly space: AddressSpace }
  | {
      readonly kind: 'tuple';
      readonly size: number;
      readonly align: number;
      readonly fields: readonly Member[];
    }
  | {
      readonly kind: 'record';
      readonly size: number;
      readonly align: number;
      readonly fields: readonly Member[];
    }
  | {
      readonly kind: 'enum';
      readonly name: string;
      readonly size: 1 | 2 | 4 | 8;
      readonly signed: boolean;
      readonly variants: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'kstack' | 'ustack';
      readonly mode: StackMode;
      readonly limit: number;
    }
  | { readonly kind: 'ksym' | 'usym' | 'username' | 'inet' | 'mac' }
  /** Of a control group. */
  | { readonly kind: ContainerPart }
  /** `filter`: of which hierarchies, with `*`. */
  | { readonly kind: 'cgroup-path'; readonly filter: string }
  | { readonly kind: 'timestamp'; readonly clock: 'boot' | 'tai'; readonly format: string }
  /** What `count()`, `hist(…)` and the like give; only as the value of a map. */
  | Aggregation;

export type Aggregation =
  | { readonly kind: 'count' }
  | { readonly kind: 'sum' | 'min' | 'max' | 'avg' | 'stats'; readonly signed: boolean }
  | { readonly kind: 'hist'; readonly bits: number }
  | { readonly kind: 'lhist'; readonly min: bigint; readonly max: bigint; readonly step: bigint }
  | {
      readonly kind: 'tseries';
      readonly signed: boolean;
      readonly intervalNs: bigint;
      readonly intervals: number;
      readonly aggregate: SeriesAggregate;
    };

/** A member of a tuple or record; offsets in bytes, laid out as C would. */
export interface Member {
  readonly name: string;
  readonly offset: number;
  readonly type: Type;
}

/** A struct or union: `args` of a tracepoint, or one named by BTF. */
export interface Struct {
  /** With its tag: `struct task_struct`. */
  readonly name: string;
  readonly size: number;
  /** Where it is known; else that of the fields. */
  readonly align?: number;
  readonly fields: readonly Field[];
}

export interface Field extends Member {
  /** Bits within the storage unit at `offset`. */
  readonly bitfield?: { readonly shift: number; readonly width: number };
  /** A tracepoint's `__data_loc`: the u32 at `offset` holds the text's offset (from the context, or from the field's end). */
  readonly dynamic?: 'data_loc' | 'rel_loc';
}
