/**
 * perf_event_open(2) and its ioctls, as far as attaching programs needs them.
 *
 * Layout: https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/perf_event.h
 */
import {
  PERF_EVENT_IOC_DISABLE,
  PERF_EVENT_IOC_ENABLE,
  PERF_EVENT_IOC_SET_BPF,
  PERF_FLAG_FD_CLOEXEC,
  PERF_SAMPLE_TIME,
} from './constants.ts';
import { Fd } from './fd.ts';
import type { KernelCalls } from './kernel-calls.ts';
import { checkResult, KernelError } from './kernel-error.ts';
import { KernelStruct, type PointerTarget } from './kernel-struct.ts';

/** Size of the structure up to and including `aux_sample_size`: PERF_ATTR_SIZE_VER5, Linux 4.1. */
const ATTR_SIZE = 112;
const FLAG_DISABLED = 1n << 0n;
const FLAG_INHERIT = 1n << 1n;
const FLAG_FREQUENCY = 1n << 10n;
/** `mmap`, `comm`, `task`, `sample_id_all`, `mmap2`, `comm_exec`; and `watermark`, to be woken by bytes. */
const PROCESS_FLAGS = [8n, 9n, 13n, 18n, 23n, 24n, 14n].reduce((all, bit) => all | (1n << bit), 0n);

export interface PerfEventAttr {
  readonly type: number;
  readonly config: bigint;
  /** Every so many events, or nanoseconds of a clock. */
  readonly samplePeriod?: bigint;
  /** Instead of a period: samples per second, which the kernel approaches. */
  readonly sampleFrequency?: bigint;
  readonly wakeupEvents?: number;
  /** What its samples hold: `PERF_SAMPLE_…`. */
  readonly sampleType?: bigint;
  /** `HW_BREAKPOINT_…`, for breakpoints; their address is `config1` and their length `config2`. */
  readonly breakpointType?: number;
  /** Threads and children that are made later are counted too. */
  readonly inherited?: boolean;
  /** Write down what processes map, run, make and when they end, each with the time; wake a poll by this much. */
  readonly processEvents?: { readonly wakeBytes: number };
  /** A number, or for the kprobe and uprobe PMUs the address of a name. */
  readonly config1?: bigint | PointerTarget;
  /** An offset, for the kprobe and uprobe PMUs. */
  readonly config2?: bigint;
  /** Do not count until `enablePerfEvent`. */
  readonly disabled?: boolean;
}

export interface PerfEventTarget {
  /** -1: every process. */
  readonly pid: number;
  /** -1: every CPU, allowed only with a pid. */
  readonly cpu: number;
}

/**
 *     0    4    8      16            24          … 40    48     52      56      64      … 112
 *     type size config sample_period sample_type   flags wakeup bp_type config1 config2
 */
function perfEventStruct(attr: PerfEventAttr): KernelStruct {
  let flags = attr.disabled === true ? FLAG_DISABLED : 0n;
  if (attr.inherited === true) flags |= FLAG_INHERIT;
  if (attr.sampleFrequency !== undefined) flags |= FLAG_FREQUENCY;
  if (attr.processEvents !== undefined) flags |= PROCESS_FLAGS;
  const struct = new KernelStruct(ATTR_SIZE)
    .u32(0, attr.type)
    .u32(4, ATTR_SIZE)
    .u64(8, attr.config)
    .u64(16, attr.sampleFrequency ?? attr.samplePeriod ?? 0n)
    .u64(24, sampleType(attr))
    .u64(40, flags)
    .u32(48, attr.processEvents?.wakeBytes ?? attr.wakeupEvents ?? 0)
    .u32(52, attr.breakpointType ?? 0)
    .u64(64, attr.config2 ?? 0n);
  if (typeof attr.config1 === 'object') struct.pointer(56, attr.config1);
  else struct.u64(56, attr.config1 ?? 0n);
  return struct;
}

function sampleType(attr: PerfEventAttr): bigint {
  return attr.processEvents === undefined ? (attr.sampleType ?? 0n) : BigInt(PERF_SAMPLE_TIME);
}

/** Opens an event, close-on-exec. `explain` may word an errno that means something special here. */
export function openPerfEvent(
  calls: KernelCalls,
  attr: PerfEventAttr,
  target: PerfEventTarget,
  explain?: (code: string) => string | undefined,
): Fd {
  const struct = perfEventStruct(attr);
  const result = calls.perfEventOpen(struct, target.pid, target.cpu, -1, PERF_FLAG_FD_CLOEXEC);
  if (result >= 0) return new Fd(result, calls, 'perf event');
  const plain = new KernelError('perf_event_open', -result);
  const explanation = explain?.(plain.code);
  throw explanation === undefined
    ? plain
    : new KernelError('perf_event_open', -result, explanation);
}

export function enablePerfEvent(calls: KernelCalls, event: Fd): void {
  checkResult('ioctl(PERF_EVENT_IOC_ENABLE)', calls.ioctl(event.number, PERF_EVENT_IOC_ENABLE, 0));
}

export function disablePerfEvent(calls: KernelCalls, event: Fd): void {
  checkResult(
    'ioctl(PERF_EVENT_IOC_DISABLE)',
    calls.ioctl(event.number, PERF_EVENT_IOC_DISABLE, 0),
  );
}

/** Runs a program on the event; the older way, for kernels without BPF links to perf events. */
export function setPerfEventProgram(calls: KernelCalls, event: Fd, program: Fd): void {
  checkResult(
    'ioctl(PERF_EVENT_IOC_SET_BPF)',
    calls.ioctl(event.number, PERF_EVENT_IOC_SET_BPF, program.number),
  );
}
