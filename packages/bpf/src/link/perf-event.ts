/** Programs on perf events: timers (`profile`, `interval`) and software and hardware counters. */
import type { Program } from '../program/program.ts';
import { PERF_TYPE_HARDWARE } from '../sys/constants.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { attaching } from './attach-error.ts';
import type { Link } from './link.ts';
import { attachToPerfEvents } from './perf-program.ts';

/** Once in so many events, so many nanoseconds of a clock, or so many times a second. */
export type SampleRate =
  { readonly period: bigint } | { readonly periodNs: bigint } | { readonly frequencyHz: bigint };

export interface PerfEventProbe {
  /** As the user wrote it: `profile:hz:99`. */
  readonly probe: string;
  /** `PERF_TYPE_…` and its config. */
  readonly type: number;
  readonly config: bigint;
  readonly sample: SampleRate;
  /** One event is opened on each of them. */
  readonly cpus: readonly number[];
  /** Only this process, on every CPU. */
  readonly pid?: number;
}

/** Runs a program of type `perf_event`. Throws AttachError. */
export function attachPerfEvent(
  calls: KernelCalls,
  program: Program,
  target: PerfEventProbe,
): Link {
  const { type, config, sample, cpus, pid, probe } = target;
  return attaching(probe, () =>
    attachToPerfEvents(calls, program, {
      probe,
      attr: { type, config, ...sampling(sample) },
      targets: pid === undefined ? cpus.map((cpu) => ({ pid: -1, cpu })) : [{ pid, cpu: -1 }],
      explain: (code) => explain(code, target),
    }),
  );
}

function sampling(
  sample: SampleRate,
): { readonly samplePeriod: bigint } | { readonly sampleFrequency: bigint } {
  if ('frequencyHz' in sample) return { sampleFrequency: sample.frequencyHz };
  return { samplePeriod: 'period' in sample ? sample.period : sample.periodNs };
}

function explain(code: string, { type, sample }: PerfEventProbe): string | undefined {
  if (code === 'EINVAL' && 'frequencyHz' in sample) {
    return `${sample.frequencyHz} Hz is over the limit in /proc/sys/kernel/perf_event_max_sample_rate`;
  }
  if (type === PERF_TYPE_HARDWARE && (code === 'ENOENT' || code === 'EOPNOTSUPP')) {
    return 'this machine has no such hardware counter';
  }
  return undefined;
}
