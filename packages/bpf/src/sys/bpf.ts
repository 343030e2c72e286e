/**
 * One typed function per command of bpf(2). All throw KernelError, except where a result says that
 * something was not found or is finished.
 */
import {
  BATCH_COUNT_OFFSET,
  btfLoadAttr,
  INFO_LENGTH_OFFSET,
  linkCreateAttr,
  type LinkCreateAttr,
  mapBatchAttr,
  type MapBatchAttr,
  mapCreateAttr,
  type MapCreateAttr,
  mapElementAttr,
  numbersAttr,
  objGetInfoAttr,
  objPinAttr,
  progLoadAttr,
  type ProgLoadAttr,
  progTestRunAttr,
  rawTracepointOpenAttr,
  TEST_RUN_RETVAL_OFFSET,
} from './bpf-attr.ts';
import * as K from './constants.ts';
import { Fd } from './fd.ts';
import type { KernelCalls } from './kernel-calls.ts';
import { errnoName, KernelError } from './kernel-error.ts';
import { cString, KernelStruct, type PointerTarget } from './kernel-struct.ts';

/** The kernel's answer when a batch ended before its count was reached, and when a key is missing. */
const ENOENT = 2;
const EINTR = 4;
const EAGAIN = 11;
const ENOSPC = 28;

function call(
  calls: KernelCalls,
  name: string,
  command: number,
  attr: KernelStruct,
  explanation?: (errno: number) => string | undefined,
): number {
  const result = calls.bpf(command, attr);
  if (result < 0) throw new KernelError(`bpf(${name})`, -result, explanation?.(-result));
  return result;
}

export function mapCreate(calls: KernelCalls, attr: MapCreateAttr): Fd {
  const number = call(calls, 'BPF_MAP_CREATE', K.BPF_MAP_CREATE, mapCreateAttr(attr));
  return new Fd(number, calls, `map ${attr.name}`);
}

/** Fills `value`; false if there is no such key. */
export function mapLookup(
  calls: KernelCalls,
  map: Fd,
  key: Uint8Array,
  value: Uint8Array,
): boolean {
  const result = calls.bpf(K.BPF_MAP_LOOKUP_ELEM, mapElementAttr(map.number, key, value, 0));
  if (result === -ENOENT) return false;
  if (result < 0) throw new KernelError('bpf(BPF_MAP_LOOKUP_ELEM)', -result);
  return true;
}

/** `flags` is BPF_ANY, BPF_NOEXIST or BPF_EXIST. Throws E2BIG if the map is full. */
export function mapUpdate(
  calls: KernelCalls,
  map: Fd,
  key: Uint8Array,
  value: Uint8Array,
  flags: number,
): void {
  const attr = mapElementAttr(map.number, key, value, flags);
  call(calls, 'BPF_MAP_UPDATE_ELEM', K.BPF_MAP_UPDATE_ELEM, attr, (errno) =>
    errnoName(errno) === 'E2BIG' ? 'the map is full' : undefined,
  );
}

/** False if there was no such key. */
export function mapDelete(calls: KernelCalls, map: Fd, key: Uint8Array): boolean {
  const attr = mapElementAttr(map.number, key, undefined, 0);
  const result = calls.bpf(K.BPF_MAP_DELETE_ELEM, attr);
  if (result === -ENOENT) return false;
  if (result < 0) throw new KernelError('bpf(BPF_MAP_DELETE_ELEM)', -result);
  return true;
}

/** Fills `nextKey` with the key after `key`, or the first one; false at the end. */
export function mapNextKey(
  calls: KernelCalls,
  map: Fd,
  key: Uint8Array | undefined,
  nextKey: Uint8Array,
): boolean {
  const attr = mapElementAttr(map.number, key, nextKey, 0);
  const result = calls.bpf(K.BPF_MAP_GET_NEXT_KEY, attr);
  if (result === -ENOENT) return false;
  if (result < 0) throw new KernelError('bpf(BPF_MAP_GET_NEXT_KEY)', -result);
  return true;
}

export interface BatchResult {
  /** Entries done by this call. */
  readonly count: number;
  /** `full`: a hash bucket holds more entries than there was room for; call again with more room. */
  readonly state: 'more' | 'end' | 'full';
}

function batch(calls: KernelCalls, name: string, command: number, attr: MapBatchAttr): BatchResult {
  const struct = mapBatchAttr(attr);
  const result = calls.bpf(command, struct);
  const count = struct.readU32(BATCH_COUNT_OFFSET);
  if (result >= 0) return { count, state: 'more' };
  if (result === -ENOENT) return { count, state: 'end' };
  if (result === -ENOSPC) return { count: 0, state: 'full' };
  throw new KernelError(`bpf(${name})`, -result);
}

/** Reads up to `count` entries. Linux 5.6, for per-CPU arrays 5.13. */
export function mapLookupBatch(calls: KernelCalls, attr: MapBatchAttr): BatchResult {
  return batch(calls, 'BPF_MAP_LOOKUP_BATCH', K.BPF_MAP_LOOKUP_BATCH, attr);
}

/** Reads and removes up to `count` entries; hash maps only. Linux 5.6. */
export function mapLookupAndDeleteBatch(calls: KernelCalls, attr: MapBatchAttr): BatchResult {
  const name = 'BPF_MAP_LOOKUP_AND_DELETE_BATCH';
  return batch(calls, name, K.BPF_MAP_LOOKUP_AND_DELETE_BATCH, attr);
}

/** Removes `count` keys; ends early at one that is not there. Linux 5.6. */
export function mapDeleteBatch(calls: KernelCalls, attr: MapBatchAttr): BatchResult {
  return batch(calls, 'BPF_MAP_DELETE_BATCH', K.BPF_MAP_DELETE_BATCH, attr);
}

/** Makes the map read-only for user space. Linux 5.2. */
export function mapFreeze(calls: KernelCalls, map: Fd): void {
  call(calls, 'BPF_MAP_FREEZE', K.BPF_MAP_FREEZE, numbersAttr(map.number));
}

/** Verifies and loads a program. Throws KernelError; the log buffer tells more. */
export function progLoad(calls: KernelCalls, attr: ProgLoadAttr): Fd {
  // The verifier gives up with EAGAIN when a signal is pending; libbpf tries five times.
  for (let attempt = 1; ; attempt += 1) {
    const result = calls.bpf(K.BPF_PROG_LOAD, progLoadAttr(attr));
    if (result >= 0) return new Fd(result, calls, `program ${attr.name}`);
    if ((result !== -EAGAIN && result !== -EINTR) || attempt === 5) {
      throw new KernelError('bpf(BPF_PROG_LOAD)', -result);
    }
  }
}

/** Attaches a program; the link lasts as long as the descriptor. */
export function linkCreate(calls: KernelCalls, attr: LinkCreateAttr): Fd {
  const number = call(calls, 'BPF_LINK_CREATE', K.BPF_LINK_CREATE, linkCreateAttr(attr));
  return new Fd(number, calls, `${attr.target.kind} link`);
}

/** Attaches to a raw tracepoint, or without a name to what a tracing program was loaded for. */
export function rawTracepointOpen(
  calls: KernelCalls,
  name: string | undefined,
  program: Fd,
  cookie?: bigint,
): Fd {
  const attr = rawTracepointOpenAttr(name, program.number, cookie);
  const number = call(calls, 'BPF_RAW_TRACEPOINT_OPEN', K.BPF_RAW_TRACEPOINT_OPEN, attr);
  return new Fd(number, calls, `raw tracepoint ${name ?? 'of the program'}`);
}

/** Runs a program once in this thread and returns its result. Raw tracepoints: Linux 5.10. */
export function progTestRun(calls: KernelCalls, program: Fd, context?: Uint8Array): number {
  const attr = progTestRunAttr(program.number, context);
  call(calls, 'BPF_PROG_TEST_RUN', K.BPF_PROG_TEST_RUN, attr);
  return attr.readU32(TEST_RUN_RETVAL_OFFSET);
}

/** Fills `info` with a `bpf_…_info` structure and returns how many bytes the kernel knows. */
export function objGetInfo(calls: KernelCalls, object: Fd, info: PointerTarget): number {
  const attr = objGetInfoAttr(object.number, info);
  call(calls, 'BPF_OBJ_GET_INFO_BY_FD', K.BPF_OBJ_GET_INFO_BY_FD, attr);
  return attr.readU32(INFO_LENGTH_OFFSET);
}

/** Loads BTF; `log` receives what the kernel has against it. Linux 4.18. */
export function btfLoad(calls: KernelCalls, btf: Uint8Array, log?: Uint8Array): Fd {
  const number = call(calls, 'BPF_BTF_LOAD', K.BPF_BTF_LOAD, btfLoadAttr(btf, log));
  return new Fd(number, calls, 'BTF');
}

/** The BTF object after this id, or undefined at the end. Linux 5.4. */
export function btfNextId(calls: KernelCalls, id: number): number | undefined {
  const attr = numbersAttr(id);
  const result = calls.bpf(K.BPF_BTF_GET_NEXT_ID, attr);
  if (result === -ENOENT) return undefined;
  if (result < 0) throw new KernelError('bpf(BPF_BTF_GET_NEXT_ID)', -result);
  return attr.readU32(4);
}

export function btfById(calls: KernelCalls, id: number): Fd {
  const number = call(calls, 'BPF_BTF_GET_FD_BY_ID', K.BPF_BTF_GET_FD_BY_ID, numbersAttr(id));
  return new Fd(number, calls, `BTF ${id}`);
}

/** The program after this id, or undefined at the end. Linux 4.13. */
export function progNextId(calls: KernelCalls, id: number): number | undefined {
  const attr = numbersAttr(id);
  const result = calls.bpf(K.BPF_PROG_GET_NEXT_ID, attr);
  if (result === -ENOENT) return undefined;
  if (result < 0) throw new KernelError('bpf(BPF_PROG_GET_NEXT_ID)', -result);
  return attr.readU32(4);
}

export function progById(calls: KernelCalls, id: number): Fd {
  const number = call(calls, 'BPF_PROG_GET_FD_BY_ID', K.BPF_PROG_GET_FD_BY_ID, numbersAttr(id));
  return new Fd(number, calls, `program ${id}`);
}

/** Opens a map of any process. Linux 4.13, and CAP_SYS_ADMIN. */
export function mapById(calls: KernelCalls, id: number): Fd {
  const number = call(calls, 'BPF_MAP_GET_FD_BY_ID', K.BPF_MAP_GET_FD_BY_ID, numbersAttr(id));
  return new Fd(number, calls, `map ${id}`);
}

/** Keeps an object alive under a path of a BPF file system. */
export function objPin(calls: KernelCalls, object: Fd, path: string): void {
  call(calls, 'BPF_OBJ_PIN', K.BPF_OBJ_PIN, objPinAttr(path, object.number));
}

/** Opens the BTF of a loaded module, such as `btrfs`; undefined if it has none. Linux 5.11. */
export function moduleBtf(calls: KernelCalls, module: string): Fd | undefined {
  const wanted = cString(module);
  for (let id = btfNextId(calls, 0); id !== undefined; id = btfNextId(calls, id)) {
    const btf = btfById(calls, id);
    const name = new Uint8Array(64);
    // struct bpf_btf_info: *btf 0, btf_size 8, id 12, *name 16, name_len 24, kernel_btf 28 … 32
    objGetInfo(calls, btf, new KernelStruct(32).pointer(16, name).u32(24, name.length));
    if (Buffer.compare(name.subarray(0, wanted.length), wanted) === 0) return btf;
    btf.close();
  }
  return undefined;
}

/** Turns on measuring of run times until the descriptor is closed. Linux 5.8. */
export function enableStats(calls: KernelCalls): Fd {
  const attr = numbersAttr(K.BPF_STATS_RUN_TIME);
  const number = call(calls, 'BPF_ENABLE_STATS', K.BPF_ENABLE_STATS, attr);
  return new Fd(number, calls, 'run-time statistics');
}

/** Opens an iterator for reading, from a link to an iterator program. Linux 5.8. */
export function iterCreate(calls: KernelCalls, link: Fd): Fd {
  const number = call(calls, 'BPF_ITER_CREATE', K.BPF_ITER_CREATE, numbersAttr(link.number));
  return new Fd(number, calls, 'iterator');
}
