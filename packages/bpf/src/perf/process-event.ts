/** What the kernel tells of processes: code they map, programs they become, children they make, and their end. */
import {
  PERF_RECORD_COMM,
  PERF_RECORD_EXIT,
  PERF_RECORD_FORK,
  PERF_RECORD_MISC_COMM_EXEC,
  PERF_RECORD_MMAP2,
} from '../sys/constants.ts';
import type { PerfRecord } from './perf-ring.ts';

interface Happened {
  readonly pid: number;
  /** Nanoseconds of the kernel's scheduler clock: to tell what came first. */
  readonly time: bigint;
}

export interface CodeMapped extends Happened {
  readonly kind: 'map';
  readonly start: bigint;
  readonly end: bigint;
  readonly fileOffset: bigint;
  /** `device:inode` as in `/proc/PID/maps`. */
  readonly file: string;
  /** As the process sees it; `//anon` and the like for mappings without a file. */
  readonly path: string;
}

export type ProcessEvent =
  | CodeMapped
  | (Happened & { readonly kind: 'exec' })
  | (Happened & { readonly kind: 'fork'; readonly parent: number })
  | (Happened & { readonly kind: 'exit' });

const MMAP2_HEADER_BYTES = 64;
/** Every record ends with the time: that is what `sample_id_all` and PERF_SAMPLE_TIME are for. */
const TIME_BYTES = 8;
const utf8 = new TextDecoder();

/** Undefined for a record that is of no interest: a new name, a thread's start or end. */
export function processEvent({ type, misc, body }: PerfRecord): ProcessEvent | undefined {
  if (body.byteLength < 8 + TIME_BYTES) return undefined;
  const pid = body.getUint32(0, true);
  const time = body.getBigUint64(body.byteLength - TIME_BYTES, true);
  switch (type) {
    case PERF_RECORD_MMAP2:
      return codeMapped(body, pid, time);
    case PERF_RECORD_COMM:
      return (misc & PERF_RECORD_MISC_COMM_EXEC) === 0 ? undefined : { kind: 'exec', pid, time };
    case PERF_RECORD_FORK: {
      const parent = body.getUint32(4, true);
      return parent === pid ? undefined : { kind: 'fork', pid, parent, time };
    }
    case PERF_RECORD_EXIT:
      return body.getUint32(8, true) === pid ? { kind: 'exit', pid, time } : undefined;
    default:
      return undefined;
  }
}

function codeMapped(body: DataView, pid: number, time: bigint): CodeMapped | undefined {
  const end = body.byteLength - TIME_BYTES;
  if (end < MMAP2_HEADER_BYTES) return undefined;
  const start = body.getBigUint64(8, true);
  const hex = (at: number): string => body.getUint32(at, true).toString(16).padStart(2, '0');
  const name = new Uint8Array(
    body.buffer,
    body.byteOffset + MMAP2_HEADER_BYTES,
    end - MMAP2_HEADER_BYTES,
  );
  const nul = name.indexOf(0);
  return {
    kind: 'map',
    pid,
    time,
    start,
    end: start + body.getBigUint64(16, true),
    fileOffset: body.getBigUint64(24, true),
    file: `${hex(32)}:${hex(36)}:${body.getBigUint64(40, true)}`,
    path: utf8.decode(nul === -1 ? name : name.subarray(0, nul)),
  };
}
