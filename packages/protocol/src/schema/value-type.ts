/**
 * How a value lies in the bytes the kernel wrote, and how it prints: enough for a receiver that has neither the
 * program nor the kernel it ran on. All integers are little-endian; offsets and sizes are bytes.
 */

export type ValueType =
  | { readonly kind: 'integer'; readonly size: 1 | 2 | 4 | 8; readonly signed: boolean }
  | { readonly kind: 'boolean' }
  /** No bytes: what bpftrace does not read, such as members of type `float`. */
  | { readonly kind: 'none' }
  | { readonly kind: 'pointer' }
  | {
      readonly kind: 'enum';
      readonly size: 1 | 2 | 4 | 8;
      readonly signed: boolean;
      /** Variant names by decimal value. */
      readonly variants: Readonly<Record<string, string>>;
    }
  /** NUL-terminated within `size` bytes; without a NUL it was truncated, or, an array of C, is whole. */
  | { readonly kind: 'string'; readonly size: number; readonly array?: true }
  /** A u32 length, then up to `size` bytes. */
  | { readonly kind: 'buffer'; readonly size: number }
  | { readonly kind: 'array'; readonly element: ValueType; readonly length: number }
  | { readonly kind: 'tuple'; readonly size: number; readonly fields: readonly FieldType[] }
  /** Also structs read from the kernel. */
  | { readonly kind: 'record'; readonly size: number; readonly fields: readonly FieldType[] }
  /** u64 id into the host's stack dictionary; 0 is an empty stack. */
  | { readonly kind: 'kstack'; readonly mode: StackMode; readonly limit: number }
  /** u64 id, u32 pid, u32 zero. */
  | { readonly kind: 'ustack'; readonly mode: StackMode; readonly limit: number }
  /** u64 address. */
  | { readonly kind: 'ksym' }
  /** u64 address, u32 pid, u32 zero. */
  | { readonly kind: 'usym' }
  /** u64 uid. */
  | { readonly kind: 'username' }
  /** u64 cgroup id; u64 hash of the filter, which says in which hierarchies the path is looked up (`*` is any text). */
  | { readonly kind: 'cgroup-path'; readonly filter: string }
  /** u64 cgroup id: whose processes it is for. */
  | { readonly kind: ContainerPart }
  /** u64 nanoseconds of the boot (or TAI) clock; printed with this strftime format. */
  | { readonly kind: 'timestamp'; readonly clock: 'boot' | 'tai'; readonly format: string }
  /** u32 address family, then 4 or 16 address bytes in a 16-byte field. */
  | { readonly kind: 'inet' }
  | { readonly kind: 'mac' };

/** What a cgroup is part of: each has a name, which is empty where the cgroup is of no container or no pod. */
export type ContainerPart = 'container' | 'pod' | 'namespace';

export type StackMode = 'bpftrace' | 'perf' | 'raw' | 'build_id';

/** Bytes of a frame in the host's stack dictionary: an address, or the kernel's `struct bpf_stack_build_id`. */
export function bytesPerFrame(mode: StackMode): 8 | 32 {
  return mode === 'build_id' ? 32 : 8;
}

export interface FieldType {
  readonly name: string;
  readonly offset: number;
  readonly type: ValueType;
  /** Of a bit-field: where its bits are in the little-endian integer at `offset`. */
  readonly bitfield?: { readonly shift: number; readonly width: number };
}

/** The value types whose names only the host that wrote them can give; each becomes a dictionary entry. */
export type HostNamedType = Extract<
  ValueType,
  { kind: 'kstack' | 'ustack' | 'ksym' | 'usym' | 'username' | 'cgroup-path' | ContainerPart }
>;

/** Bytes that a value of this type takes in keys, map values and fixed event fields. */
export function sizeOfValue(type: ValueType): number {
  switch (type.kind) {
    case 'integer':
    case 'enum':
    case 'string':
    case 'tuple':
    case 'record':
      return type.size;
    case 'none':
      return 0;
    case 'boolean':
      return 1;
    case 'buffer':
      return 4 + type.size;
    case 'array':
      return type.length * sizeOfValue(type.element);
    case 'pointer':
    case 'kstack':
    case 'ksym':
    case 'username':
    case 'container':
    case 'pod':
    case 'namespace':
    case 'timestamp':
      return 8;
    case 'ustack':
    case 'usym':
    case 'cgroup-path':
      return 16;
    case 'inet':
      return 20;
    case 'mac':
      return 6;
  }
}
