/** software and hardware: perf counters, each with bpftrace's default period. */
import { parseCount } from './parse-count.ts';
import { wrongPartCount } from './probe-kind.ts';
import type { ProbeKind } from './probe-kind.ts';
import { attachPid } from './attach-pid.ts';

/** `PERF_TYPE_…` and `PERF_COUNT_…` of include/uapi/linux/perf_event.h at v6.12. */
interface Counter {
  readonly names: readonly string[];
  readonly config: bigint;
  readonly period: bigint;
}

const PERF_TYPE_HARDWARE = 0;
const PERF_TYPE_SOFTWARE = 1;

const SOFTWARE: readonly Counter[] = [
  { names: ['cpu-clock', 'cpu'], config: 0n, period: 1_000_000n },
  { names: ['task-clock'], config: 1n, period: 1n },
  { names: ['page-faults', 'faults'], config: 2n, period: 100n },
  { names: ['context-switches', 'cs'], config: 3n, period: 1000n },
  { names: ['cpu-migrations'], config: 4n, period: 1n },
  { names: ['minor-faults'], config: 5n, period: 100n },
  { names: ['major-faults'], config: 6n, period: 1n },
  { names: ['alignment-faults'], config: 7n, period: 1n },
  { names: ['emulation-faults'], config: 8n, period: 1n },
  { names: ['dummy'], config: 9n, period: 1n },
  { names: ['bpf-output'], config: 10n, period: 1n },
];

const HARDWARE: readonly Counter[] = [
  { names: ['cpu-cycles', 'cycles'], config: 0n, period: 1_000_000n },
  { names: ['instructions'], config: 1n, period: 1_000_000n },
  { names: ['cache-references'], config: 2n, period: 1_000_000n },
  { names: ['cache-misses'], config: 3n, period: 1_000_000n },
  { names: ['branch-instructions', 'branches'], config: 4n, period: 100_000n },
  { names: ['branch-misses'], config: 5n, period: 100_000n },
  { names: ['bus-cycles'], config: 6n, period: 100_000n },
  { names: ['frontend-stalls'], config: 7n, period: 1_000_000n },
  { names: ['backend-stalls'], config: 8n, period: 1_000_000n },
  { names: ['ref-cycles'], config: 9n, period: 1_000_000n },
];

/** For listings: all names of all events. */
export const softwareEvents: readonly string[] = SOFTWARE.flatMap(({ names }) => names);
export const hardwareEvents: readonly string[] = HARDWARE.flatMap(({ names }) => names);

function counterKind(
  name: 'software' | 'hardware',
  aliases: readonly string[],
  type: number,
  counters: readonly Counter[],
): ProbeKind {
  const find = (event: string): Counter | undefined =>
    counters.find((counter) => counter.names.includes(event));
  return {
    name,
    aliases,
    listed: 'kernel',
    lookedUp: false,
    space: 'kernel',
    has: { registers: true },
    parse: ([event, count, ...rest]) => {
      if (event === undefined || rest.length > 0) {
        return wrongPartCount(name, event === undefined ? 0 : 2 + rest.length, 1, 2);
      }
      if (event === '') return { refusal: `${name} probe must have a ${name} event name` };
      if (event.includes('*')) {
        return { refusal: `wildcards are not allowed for ${name} probe type` };
      }
      if (find(event) === undefined) return { refusal: `${event} is not a ${name} probe` };
      // The default period, as in `software:faults:`.
      if (count === undefined || count === '' || count === '*') {
        return { kind: 'event', provider: name, event };
      }
      const every = parseCount(count, `Invalid count for ${name} probe`);
      if (typeof every !== 'bigint') return every;
      if (every <= 0n) return { refusal: `${name} count should be a positive integer` };
      return { kind: 'event', provider: name, event, count: every };
    },
    expand: (point, resolved, target) => {
      const counter = point.kind === 'event' ? find(point.event) : undefined;
      if (point.kind !== 'event' || counter === undefined) return [];
      const every = point.count === undefined ? '' : `:${point.count}`;
      return [
        {
          name: `${name}:${point.event}${every}`,
          provider: name,
          resolved,
          attach: {
            kind: 'perf-event',
            type,
            config: counter.config,
            sample: { period: point.count ?? counter.period },
            cpus: 'all',
            ...attachPid(target),
          },
          context: 'perf_event',
        },
      ];
    },
  };
}

export const perfCounterKinds: readonly ProbeKind[] = [
  counterKind('software', ['s'], PERF_TYPE_SOFTWARE, SOFTWARE),
  counterKind('hardware', ['h'], PERF_TYPE_HARDWARE, HARDWARE),
];
