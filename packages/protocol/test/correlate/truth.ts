/** Streams of events of which it is known what belongs together: threads that nest calls, interleaved on skewed hosts. */
import fc from 'fast-check';
import type { CorrelatedEvent } from '../../src/correlate/correlated-event.ts';
import type { Schema } from '../../src/schema/schema.ts';

export const ENTER = 'tracepoint:syscalls:sys_enter_read';
export const EXIT = 'tracepoint:syscalls:sys_exit_read';
const NUMBER = { kind: 'integer', size: 8, signed: true } as const;

export const SCHEMA: Schema = {
  maps: [],
  events: [
    printed(ENTER, 'enter %d\n', 'fd'),
    printed(EXIT, 'exit %d\n', 'ret'),
    printed('tracepoint:other', 'other %d\n', 'fd'),
  ],
  output: { printMapsOnExit: true, truncationTrailer: '..', maxCatBytes: 64 },
};

function printed(probe: string, format: string, name: string): Schema['events'][number] {
  return {
    kind: 'printf',
    format,
    arguments: [{ offset: 24, type: NUMBER, dynamic: false }],
    names: [name],
    probes: [probe],
  };
}

let made = 0;

export function eventOf(
  event: number,
  unixNs: bigint,
  more: Partial<CorrelatedEvent> = {},
): CorrelatedEvent {
  made += 1;
  return {
    ...{ session: 's1', host: 'a', epoch: 1, sequence: made, index: 0, pid: 1, tid: 1 },
    ...{ unixNs, hostNs: unixNs, errorNs: 0, event, text: '' },
    ...{ probes: [[ENTER], [EXIT], ['tracepoint:other']][event] ?? [], fields: {} },
    ...more,
  };
}

/** A thread calls, or returns from its innermost call if there is one. */
const step = fc.record({ calls: fc.boolean(), afterNs: fc.integer({ min: 1, max: 1_000 }) });

export interface KnownSpan {
  readonly enter: CorrelatedEvent;
  readonly exit: CorrelatedEvent;
  readonly depth: number;
}

export interface KnownStream {
  /** Of all threads of all hosts, each host's in order. */
  readonly events: readonly CorrelatedEvent[];
  readonly spans: readonly KnownSpan[];
}

/** Threads of several hosts, whose clocks are apart, with all their calls. */
export const knownStreams: fc.Arbitrary<KnownStream> = fc
  .array(
    fc.record({
      host: fc.constantFrom('a', 'b', 'c'),
      steps: fc.array(step, { maxLength: 20 }),
      starts: fc.integer({ min: 0, max: 5_000 }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((threads) => {
    const spans: KnownSpan[] = [];
    const skews: Readonly<Record<string, bigint>> = { a: 0n, b: 1_000_000_000n, c: -77n };
    const events = threads.flatMap(({ host, steps, starts }, index) => {
      const own: CorrelatedEvent[] = [];
      const open: CorrelatedEvent[] = [];
      let nowNs = 10_000_000_000n + BigInt(starts) + (skews[host] ?? 0n);
      const thread = { host, pid: index >> 1, tid: 100 + index };
      const leave = (): void => {
        const enter = open.pop();
        if (enter === undefined) return;
        const exit = eventOf(1, nowNs, { ...thread, fields: { ret: BigInt(open.length) } });
        own.push(exit);
        spans.push({ enter, exit, depth: open.length });
      };
      for (const { calls, afterNs } of steps) {
        nowNs += BigInt(afterNs);
        if (!calls && open.length > 0) {
          leave();
          continue;
        }
        const enter = eventOf(0, nowNs, { ...thread, fields: { fd: BigInt(open.length) } });
        own.push(enter);
        open.push(enter);
      }
      for (nowNs += 1n; open.length > 0; nowNs += 1n) leave();
      return own;
    });
    return { events: events.toSorted(byTime), spans };
  });

export function byTime(a: CorrelatedEvent, b: CorrelatedEvent): number {
  return a.unixNs < b.unixNs ? -1 : a.unixNs > b.unixNs ? 1 : a.sequence - b.sequence;
}
