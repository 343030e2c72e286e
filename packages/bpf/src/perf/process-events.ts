/** Follows all processes of the machine, or one and its children, by a perf event that counts nothing. */
import { PERF_COUNT_SW_DUMMY, PERF_TYPE_SOFTWARE } from '../sys/constants.ts';
import type { Fd } from '../sys/fd.ts';
import type { KernelCalls, PollRegistration } from '../sys/kernel-calls.ts';
import { openPerfEvent } from '../sys/perf-event.ts';
import { PerfRing } from './perf-ring.ts';
import { processEvent, type ProcessEvent } from './process-event.ts';

/** Of each CPU: some thousand records. */
const DATA_BYTES = 1 << 18;
const WAKE_BYTES = DATA_BYTES / 4;

export interface ProcessEventsOptions {
  readonly cpus: readonly number[];
  readonly pageSize: number;
  /** Called when there is much to read, so that nothing is lost; or, if `atOnce`, whenever there is anything. */
  readonly onPlenty: () => void;
  readonly atOnce?: boolean;
}

interface Source {
  readonly event: Fd;
  readonly ring: PerfRing;
  readonly poll: PollRegistration;
}

export class ProcessEvents implements Disposable {
  readonly #sources: Source[] = [];

  /** Throws KernelError: without CAP_PERFMON, or where memory may not be locked. */
  constructor(calls: KernelCalls, options: ProcessEventsOptions) {
    const { cpus, pageSize, onPlenty, atOnce = false } = options;
    try {
      for (const cpu of cpus) {
        const attr = {
          type: PERF_TYPE_SOFTWARE,
          config: BigInt(PERF_COUNT_SW_DUMMY),
          processEvents: { wakeBytes: atOnce ? 1 : WAKE_BYTES },
        };
        const event = openPerfEvent(calls, attr, { pid: -1, cpu });
        try {
          const ring = new PerfRing(event, calls, pageSize, DATA_BYTES);
          const poll = calls.poll(event.number, onPlenty);
          poll.unref();
          this.#sources.push({ event, ring, poll });
        } catch (error) {
          event.close();
          throw error;
        }
      }
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** What happened since the last call, in order. */
  drain(): readonly ProcessEvent[] {
    const events: ProcessEvent[] = [];
    for (const { ring } of this.#sources) {
      ring.drain((record) => {
        const event = processEvent(record);
        if (event !== undefined) events.push(event);
      });
    }
    return events.sort((a, b) => (a.time < b.time ? -1 : Number(a.time > b.time)));
  }

  [Symbol.dispose](): void {
    for (const { event, ring, poll } of this.#sources.splice(0)) {
      poll.close();
      ring.close();
      event.close();
    }
  }
}
