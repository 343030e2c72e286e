/**
 * Encoders of `union bpf_attr`, one per command of bpf(2). Each makes the union only as long as the command
 * needs: an older kernel refuses a longer one whose tail is not zero, and takes missing bytes as zero.
 *
 * Layout: https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/bpf.h
 */
import { BPF_OBJ_NAME_LEN } from './constants.ts';
import { cString, KernelStruct, type PointerTarget } from './kernel-struct.ts';

export interface MapCreateAttr {
  readonly mapType: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
  readonly name: string;
}

/** The kernel refuses other characters in the name of an object. */
function objectName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_.]/g, '_');
}

/**
 *     0        4        8          12          16     20            28 … 44
 *     map_type key_size value_size max_entries flags  inner, numa   map_name
 */
export function mapCreateAttr(attr: MapCreateAttr): KernelStruct {
  return new KernelStruct(48)
    .u32(0, attr.mapType)
    .u32(4, attr.keySize)
    .u32(8, attr.valueSize)
    .u32(12, attr.maxEntries)
    .u32(16, attr.flags)
    .text(28, BPF_OBJ_NAME_LEN, objectName(attr.name));
}

/**
 *     0      8     16                24
 *     map_fd *key  *value/*next_key  flags
 */
export function mapElementAttr(
  mapFd: number,
  key: Uint8Array | undefined,
  valueOrNextKey: Uint8Array | undefined,
  flags: number,
): KernelStruct {
  return new KernelStruct(32)
    .u32(0, mapFd)
    .pointer(8, key)
    .pointer(16, valueOrNextKey)
    .u64(24, BigInt(flags));
}

export interface MapBatchAttr {
  readonly mapFd: number;
  /** Where to go on; absent at the start. */
  readonly inBatch?: Uint8Array | undefined;
  readonly outBatch?: Uint8Array | undefined;
  readonly keys: Uint8Array;
  readonly values?: Uint8Array | undefined;
  readonly count: number;
}

/** Offset of the count in `mapBatchAttr`, which the kernel overwrites with how many it did. */
export const BATCH_COUNT_OFFSET = 32;

/**
 *     0         8          16    24      32    36     40         48 … 56
 *     *in_batch *out_batch *keys *values count map_fd elem_flags flags
 */
export function mapBatchAttr(attr: MapBatchAttr): KernelStruct {
  return new KernelStruct(56)
    .pointer(0, attr.inBatch)
    .pointer(8, attr.outBatch)
    .pointer(16, attr.keys)
    .pointer(24, attr.values)
    .u32(BATCH_COUNT_OFFSET, attr.count)
    .u32(36, attr.mapFd);
}

export interface ProgLoadAttr {
  readonly programType: number;
  readonly name: string;
  /** Eight bytes each. */
  readonly instructions: Uint8Array;
  readonly license: string;
  readonly expectedAttachType?: number;
  /** Where the verifier writes; its presence turns the log on. */
  readonly log?: { readonly buffer: Uint8Array; readonly level: number };
  readonly btf?: {
    readonly fd: number;
    readonly funcInfo: Uint8Array;
    readonly funcInfoRecordSize: number;
    readonly lineInfo: Uint8Array;
    readonly lineInfoRecordSize: number;
  };
  readonly attachBtfId?: number;
  /** Descriptor of the BTF of the module that `attachBtfId` is in; vmlinux when absent. */
  readonly attachBtfObjFd?: number;
  readonly flags?: number;
}

/**
 *     0         4        8       16       24        28       32       40           44
 *     prog_type insn_cnt *insns  *license log_level log_size *log_buf kern_version prog_flags
 *     48        64           68                   72          76                 80         88
 *     prog_name prog_ifindex expected_attach_type prog_btf_fd func_info_rec_size *func_info func_info_cnt
 *     92                 96         104           108           112 … 116
 *     line_info_rec_size *line_info line_info_cnt attach_btf_id attach_btf_obj_fd
 */
export function progLoadAttr(attr: ProgLoadAttr): KernelStruct {
  const struct = new KernelStruct(120)
    .u32(0, attr.programType)
    .u32(4, attr.instructions.length / 8)
    .pointer(8, attr.instructions)
    .pointer(16, cString(attr.license))
    .u32(44, attr.flags ?? 0)
    .text(48, BPF_OBJ_NAME_LEN, objectName(attr.name))
    .u32(68, attr.expectedAttachType ?? 0)
    .u32(108, attr.attachBtfId ?? 0)
    .u32(112, attr.attachBtfObjFd ?? 0);
  if (attr.log !== undefined) {
    struct.u32(24, attr.log.level).u32(28, attr.log.buffer.length).pointer(32, attr.log.buffer);
  }
  if (attr.btf !== undefined) {
    struct
      .u32(72, attr.btf.fd)
      .u32(76, attr.btf.funcInfoRecordSize)
      .pointer(80, attr.btf.funcInfo)
      .u32(88, attr.btf.funcInfo.length / attr.btf.funcInfoRecordSize)
      .u32(92, attr.btf.lineInfoRecordSize)
      .pointer(96, attr.btf.lineInfo)
      .u32(104, attr.btf.lineInfo.length / attr.btf.lineInfoRecordSize);
  }
  return struct;
}

/** Why a link is made: what follows the common part of the union depends on it. */
export type LinkTarget =
  | { readonly kind: 'perf-event'; readonly cookie?: bigint }
  | { readonly kind: 'tracing' }
  | {
      readonly kind: 'kprobe-multi';
      readonly flags: number;
      readonly symbols: readonly string[];
      readonly cookies?: readonly bigint[];
    }
  | {
      readonly kind: 'uprobe-multi';
      readonly flags: number;
      readonly path: string;
      readonly offsets: readonly bigint[];
      readonly semaphoreOffsets?: readonly bigint[];
      readonly cookies?: readonly bigint[];
      readonly pid?: number;
    };

export interface LinkCreateAttr {
  readonly programFd: number;
  /** The perf event; 0 where the target is in the program itself. */
  readonly targetFd: number;
  readonly attachType: number;
  readonly target: LinkTarget;
}

function u64Array(values: readonly bigint[] | undefined): Uint8Array | undefined {
  return values === undefined ? undefined : new Uint8Array(BigUint64Array.from(values).buffer);
}

function stringArray(texts: readonly string[]): PointerTarget {
  const struct = new KernelStruct(texts.length * 8);
  texts.forEach((text, index) => struct.pointer(index * 8, cString(text)));
  return struct;
}

/**
 *                   0       4         8           12     16        20   24       32       40        48   52    56 … 60
 *     perf_event    prog_fd target_fd attach_type flags  cookie
 *     kprobe_multi  …                             0      flags     cnt  **syms   *addrs   *cookies
 *     uprobe_multi  …                             0      *path          *offsets *ref_ctr *cookies  cnt  flags pid
 */
export function linkCreateAttr(attr: LinkCreateAttr): KernelStruct {
  const struct = new KernelStruct(attr.target.kind === 'uprobe-multi' ? 64 : 48)
    .u32(0, attr.programFd)
    .u32(4, attr.targetFd)
    .u32(8, attr.attachType);
  const { target } = attr;
  switch (target.kind) {
    case 'tracing':
      return struct;
    case 'perf-event':
      return struct.u64(16, target.cookie ?? 0n);
    case 'kprobe-multi':
      return struct
        .u32(16, target.flags)
        .u32(20, target.symbols.length)
        .pointer(24, stringArray(target.symbols))
        .pointer(40, u64Array(target.cookies));
    case 'uprobe-multi':
      return struct
        .pointer(16, cString(target.path))
        .pointer(24, u64Array(target.offsets))
        .pointer(32, u64Array(target.semaphoreOffsets))
        .pointer(40, u64Array(target.cookies))
        .u32(48, target.offsets.length)
        .u32(52, target.flags)
        .u32(56, target.pid ?? 0);
  }
}

/**
 *     0     8 … 12
 *     *name prog_fd        A null name: the tracepoint is the one the program was loaded for.
 */
export function rawTracepointOpenAttr(
  name: string | undefined,
  programFd: number,
  cookie?: bigint,
): KernelStruct {
  const attr = new KernelStruct(cookie === undefined ? 16 : 24)
    .pointer(0, name === undefined ? undefined : cString(name))
    .u32(8, programFd);
  return cookie === undefined ? attr : attr.u64(16, cookie);
}

/** Offset of the result in `progTestRunAttr`, which the kernel fills in. */
export const TEST_RUN_RETVAL_OFFSET = 4;

/**
 *     0       4      8 … 40             40          44           48      56       64    68 … 72
 *     prog_fd retval data, repeat, time ctx_size_in ctx_size_out *ctx_in *ctx_out flags cpu
 */
export function progTestRunAttr(programFd: number, context: Uint8Array | undefined): KernelStruct {
  return new KernelStruct(72)
    .u32(0, programFd)
    .u32(40, context?.length ?? 0)
    .pointer(48, context);
}

/**
 *     0         8      12 … 16
 *     *pathname bpf_fd flags
 */
export function objPinAttr(path: string, fd: number): KernelStruct {
  return new KernelStruct(16).pointer(0, cString(path)).u32(8, fd);
}

/** Offset of the length in `objGetInfoAttr`, which the kernel overwrites with how much it filled in. */
export const INFO_LENGTH_OFFSET = 4;

/**
 *     0      4        8 … 16
 *     bpf_fd info_len *info
 */
export function objGetInfoAttr(fd: number, info: PointerTarget): KernelStruct {
  const sizeBytes = info instanceof KernelStruct ? info.bytes.length : info.length;
  return new KernelStruct(16).u32(0, fd).u32(INFO_LENGTH_OFFSET, sizeBytes).pointer(8, info);
}

/**
 *     0    8        16       20           24 … 28
 *     *btf *log_buf btf_size btf_log_size btf_log_level
 */
export function btfLoadAttr(btf: Uint8Array, log?: Uint8Array): KernelStruct {
  return new KernelStruct(32)
    .pointer(0, btf)
    .pointer(8, log)
    .u32(16, btf.length)
    .u32(20, log?.length ?? 0)
    .u32(24, log === undefined ? 0 : 1);
}

/** One or two 32-bit numbers: ids, descriptors, statistics types. */
export function numbersAttr(first: number, second = 0): KernelStruct {
  return new KernelStruct(16).u32(0, first).u32(4, second);
}
