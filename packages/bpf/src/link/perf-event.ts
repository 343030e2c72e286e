/** Programs on timers and on software and hardware events: `profile`, `interval`, `software`, `hardware`. */
import type { Program } from '../program/program.ts';
import {
  PERF_COUNT_SW_CPU_CLOCK,
  PERF_TYPE_HARDWARE,
  PERF_TYPE_SOFTWARE,
} from '../sys/constants.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { attaching } from './attach-error.ts';
import type { Link } from './link.ts';
import {
  type HardwareEvent,
  HARDWARE_EVENTS,
  type SoftwareEvent,
  SOFTWARE_EVENTS,
} from './perf-event-names.ts';
import { attachToPerfEvents } from './perf-program.ts';

export type TimerRate =
  | { readonly kind: 'frequency'; readonly hz: number }
  | { readonly kind: 'period'; readonly periodNs: bigint };

export interface TimerTarget {
  /** As the user wrote it: `profile:hz:99`. */
  readonly probe: string;
  readonly rate: TimerRate;
  /** A timer runs on each of them: all online ones for `profile`, any one for `interval`. */
  readonly cpus: readonly number[];
}

/** Runs a program of type `perf_event` on a clock. Throws AttachError. */
export function attachTimer(calls: KernelCalls, program: Program, target: TimerTarget): Link {
  const { rate } = target;
  const sampling =
    rate.kind === 'frequency'
      ? { sampleFrequency: BigInt(rate.hz) }
      : { samplePeriod: rate.periodNs };
  return attaching(target.probe, () =>
    attachToPerfEvents(calls, program, {
      probe: target.probe,
      attr: { type: PERF_TYPE_SOFTWARE, config: BigInt(PERF_COUNT_SW_CPU_CLOCK), ...sampling },
      targets: target.cpus.map((cpu) => ({ pid: -1, cpu })),
      explain: (code) =>
        code === 'EINVAL' && rate.kind === 'frequency'
          ? `${rate.hz} Hz is over the limit in /proc/sys/kernel/perf_event_max_sample_rate`
          : undefined,
    }),
  );
}

export interface CounterTarget {
  /** As the user wrote it: `software:page-faults:100`. */
  readonly probe: string;
  readonly event:
    | { readonly kind: 'software'; readonly name: SoftwareEvent }
    | { readonly kind: 'hardware'; readonly name: HardwareEvent };
  /** The program runs once in so many events. */
  readonly period: bigint;
  readonly cpus: readonly number[];
  /** Only this process, on every CPU. */
  readonly pid?: number;
}

/** Runs a program of type `perf_event` every so many events. Throws AttachError. */
export function attachCounter(calls: KernelCalls, program: Program, target: CounterTarget): Link {
  const { event, pid, cpus, period } = target;
  const [type, config] =
    event.kind === 'software'
      ? [PERF_TYPE_SOFTWARE, SOFTWARE_EVENTS[event.name]]
      : [PERF_TYPE_HARDWARE, HARDWARE_EVENTS[event.name]];
  return attaching(target.probe, () =>
    attachToPerfEvents(calls, program, {
      probe: target.probe,
      attr: { type, config: BigInt(config), samplePeriod: period },
      targets: pid === undefined ? cpus.map((cpu) => ({ pid: -1, cpu })) : [{ pid, cpu: -1 }],
      explain: (code) =>
        event.kind === 'hardware' && (code === 'ENOENT' || code === 'EOPNOTSUPP')
          ? 'this machine has no such hardware counter'
          : undefined,
    }),
  );
}
