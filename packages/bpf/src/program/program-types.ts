/** The kernel's numbers for types of programs. */
import type { ProgramType } from '../asm/spec.ts';
import * as K from '../sys/constants.ts';

export const PROGRAM_TYPES: Readonly<Record<ProgramType, number>> = {
  kprobe: K.BPF_PROG_TYPE_KPROBE,
  tracepoint: K.BPF_PROG_TYPE_TRACEPOINT,
  raw_tracepoint: K.BPF_PROG_TYPE_RAW_TRACEPOINT,
  perf_event: K.BPF_PROG_TYPE_PERF_EVENT,
  tracing: K.BPF_PROG_TYPE_TRACING,
};
