/** The BPF programs that this kernel has loaded, whoever loaded them, as far as their functions have names. */
import { Btf } from '../btf/btf.ts';
import { btfById, objGetInfo, progById, progNextId } from '../sys/bpf.ts';
import type { Fd } from '../sys/fd.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { isKernelError } from '../sys/kernel-error.ts';
import { KernelStruct } from '../sys/kernel-struct.ts';

export interface LoadedFunction {
  readonly name: string;
  /** In the BTF of its program. */
  readonly btfId: number;
}

/** `struct bpf_prog_info` up to `run_time_ns`, and where in it is what is read here. */
const PROGRAM_INFO_BYTES = 192;
const BTF_ID_AT = 128;
const FUNC_INFO_SIZE_AT = 132;
const FUNC_INFO_AT = 136;
const FUNC_INFO_COUNT_AT = 144;

/** Ids of all programs, in the order of loading. Linux 4.13; takes CAP_SYS_ADMIN. */
export function* programIds(calls: KernelCalls): Generator<number> {
  for (let id = progNextId(calls, 0); id !== undefined; id = progNextId(calls, id)) yield id;
}

/** The functions of a program, its own first; none if it has no BTF or is gone. */
export function functionsOfProgram(calls: KernelCalls, id: number): readonly LoadedFunction[] {
  let program: Fd;
  try {
    program = progById(calls, id);
  } catch (error) {
    if (isKernelError(error, 'ENOENT')) return [];
    throw error;
  }
  try {
    return functionsOf(calls, program);
  } finally {
    program.close();
  }
}

function functionsOf(calls: KernelCalls, program: Fd): readonly LoadedFunction[] {
  const sizes = new KernelStruct(PROGRAM_INFO_BYTES);
  objGetInfo(calls, program, sizes);
  const btfId = sizes.readU32(BTF_ID_AT);
  const count = sizes.readU32(FUNC_INFO_COUNT_AT);
  const recordBytes = sizes.readU32(FUNC_INFO_SIZE_AT);
  if (btfId === 0 || count === 0) return [];
  const records = new KernelStruct(count * recordBytes);
  const info = new KernelStruct(PROGRAM_INFO_BYTES)
    .u32(FUNC_INFO_SIZE_AT, recordBytes)
    .pointer(FUNC_INFO_AT, records)
    .u32(FUNC_INFO_COUNT_AT, count);
  objGetInfo(calls, program, info);
  const btf = readBtf(calls, btfId);
  return Array.from({ length: count }, (_, index): LoadedFunction => {
    // struct bpf_func_info: insn_off 0, type_id 4
    const type = btf.typeById(records.readU32(index * recordBytes + 4));
    return { name: type.kind === 'func' ? type.name : '', btfId: type.id };
  });
}

function readBtf(calls: KernelCalls, id: number): Btf {
  const fd = btfById(calls, id);
  try {
    // struct bpf_btf_info: *btf 0, btf_size 8, id 12, *name 16, name_len 24, kernel_btf 28 … 32
    const size = new KernelStruct(32);
    objGetInfo(calls, fd, size);
    const image = new Uint8Array(size.readU32(8));
    objGetInfo(calls, fd, new KernelStruct(32).pointer(0, image).u32(8, image.length));
    return new Btf(image);
  } finally {
    fd.close();
  }
}
