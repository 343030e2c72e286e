/** profile and interval: the CPU clock as a perf event, on every CPU or on one. */
import type { AttachSpec } from '../session-spec.ts';
import type { Target } from '../target.ts';
import type { TimerPoint } from './attach-point.ts';
import { parseCount } from './parse-count.ts';
import { wrongPartCount } from './probe-kind.ts';
import type { ProbeKind, Refusal } from './probe-kind.ts';
import { attachPid } from './attach-pid.ts';

const PERF_TYPE_SOFTWARE = 1;
const PERF_COUNT_SW_CPU_CLOCK = 0n;
/** Shorter periods are refused, as bpftrace does. */
const MINIMUM_NS = 1000n;

export const TIMER_UNITS: readonly string[] = ['hz', 'ms', 's', 'us'];

const NANOSECONDS = { s: 1_000_000_000n, ms: 1_000_000n, us: 1_000n } as const;

function timer(name: 'profile' | 'interval', aliases: readonly string[]): ProbeKind {
  return {
    name,
    aliases,
    lookedUp: false,
    space: 'kernel',
    has: { registers: true },
    parse: (parts) => parse(name, parts),
    expand: (point, resolved, target) => {
      if (point.kind !== 'timer') return [];
      return [
        {
          name: `${name}:${point.unit}:${point.count}`,
          provider: name,
          resolved,
          attach: attach(point, target),
          context: 'perf_event',
        },
      ];
    },
  };
}

function parse(provider: 'profile' | 'interval', parts: readonly string[]): TimerPoint | Refusal {
  const what = `Invalid rate of ${provider} probe`;
  const [first, second] = parts;
  if (first === undefined || parts.length > 2) return wrongPartCount(provider, parts.length, 1, 2);
  if (second === undefined) {
    const duration = parseCount(first, what);
    if (typeof duration !== 'bigint') return duration;
    if (duration < MINIMUM_NS) {
      return { refusal: `${what}. Minimum is 1000 or 1us. Found: ${duration} nanoseconds` };
    }
    return { kind: 'timer', provider, unit: 'us', count: duration / 1000n };
  }
  if (first === '') return { refusal: `${provider} probe must have unit of time` };
  if (first !== 'hz' && first !== 's' && first !== 'ms' && first !== 'us') {
    return { refusal: `${first} is not an accepted unit of time` };
  }
  const count = parseCount(second, what);
  if (typeof count !== 'bigint') return count;
  if (count <= 0n) return { refusal: `${provider} frequency should be a positive integer` };
  return { kind: 'timer', provider, unit: first, count };
}

function attach({ provider, unit, count }: TimerPoint, target: Target): AttachSpec {
  return {
    kind: 'perf-event',
    type: PERF_TYPE_SOFTWARE,
    config: PERF_COUNT_SW_CPU_CLOCK,
    sample: unit === 'hz' ? { frequencyHz: count } : { periodNs: count * NANOSECONDS[unit] },
    ...(provider === 'interval' ? { cpus: 'one' } : { cpus: 'all', ...attachPid(target) }),
  };
}

export const timerKinds: readonly ProbeKind[] = [timer('profile', ['p']), timer('interval', ['i'])];
