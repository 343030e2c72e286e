/**
 * The consumer of an array of perf events, one for each CPU: what a program hands to the kernel with
 * `bpf_perf_event_output` and its like, for output that a BPF ring buffer cannot take, such as packets.
 */
import {
  PERF_COUNT_SW_BPF_OUTPUT,
  PERF_RECORD_SAMPLE,
  PERF_SAMPLE_RAW,
  PERF_TYPE_SOFTWARE,
} from '../sys/constants.ts';
import type { BpfMap } from '../map/bpf-map.ts';
import { MapError } from '../map/map-error.ts';
import type { Fd } from '../sys/fd.ts';
import type { KernelCalls, PollRegistration } from '../sys/kernel-calls.ts';
import { enablePerfEvent, openPerfEvent } from '../sys/perf-event.ts';
import { PerfRing, type PerfRecord } from './perf-ring.ts';

/** A raw sample is its size and its data, which the kernel fills up so that both together are whole words. */
const RAW_SIZE_BYTES = 4;

export interface PerfBufferMachine {
  readonly calls: KernelCalls;
  readonly onlineCpus: readonly number[];
  readonly pageSize: number;
}

interface CpuRing {
  readonly event: Fd;
  readonly ring: PerfRing;
}

export class PerfBuffer {
  readonly #map: BpfMap;
  readonly #machine: PerfBufferMachine;
  readonly #onData: (data: Uint8Array) => void;
  readonly #rings: CpuRing[] = [];
  #polls: PollRegistration[] = [];

  /** Opens an event on each online CPU and puts it into the map. Throws MapError. */
  constructor(map: BpfMap, machine: PerfBufferMachine, onData: (data: Uint8Array) => void) {
    this.#map = map;
    this.#machine = machine;
    this.#onData = onData;
    try {
      for (const cpu of machine.onlineCpus) this.#open(cpu);
    } catch (error) {
      this.close();
      throw new MapError(`open perf buffer ${map.spec.name}`, error);
    }
  }

  /** Drains whenever the kernel has something, until `close`; keeps the event loop alive meanwhile. */
  consume(onError: (error: unknown) => void): void {
    this.#polls = this.#rings.map(({ event, ring }) =>
      this.#machine.calls.poll(event.number, () => {
        try {
          this.#drain(ring);
        } catch (error) {
          onError(error);
        }
      }),
    );
  }

  /** Takes all that is there, CPU by CPU. */
  drain(): void {
    for (const { ring } of this.#rings) this.#drain(ring);
  }

  close(): void {
    for (const poll of this.#polls) poll.close();
    this.#polls = [];
    for (const { event, ring } of this.#rings.splice(0)) {
      ring.close();
      event.close();
    }
  }

  #open(cpu: number): void {
    const { calls, pageSize } = this.#machine;
    const attr = {
      type: PERF_TYPE_SOFTWARE,
      config: BigInt(PERF_COUNT_SW_BPF_OUTPUT),
      sampleType: PERF_SAMPLE_RAW,
      samplePeriod: 1n,
      wakeupEvents: 1,
    };
    const event = openPerfEvent(calls, attr, { pid: -1, cpu });
    let ring: PerfRing;
    try {
      ring = new PerfRing(event, calls, pageSize, this.#map.spec.maxEntries);
    } catch (error) {
      event.close();
      throw error;
    }
    this.#rings.push({ event, ring });
    const [key, value] = [new Uint8Array(4), new Uint8Array(4)];
    new DataView(key.buffer).setUint32(0, cpu, true);
    new DataView(value.buffer).setUint32(0, event.number, true);
    this.#map.update(key, value);
    enablePerfEvent(calls, event);
  }

  /** What was lost is known to the program whose output failed: other records are passed by. */
  #drain(ring: PerfRing): void {
    ring.drain((record) => {
      const data = rawSample(record);
      if (data !== undefined) this.#onData(data);
    });
  }
}

/** With what fills it up; undefined for a record of another kind. */
export function rawSample({ type, body }: PerfRecord): Uint8Array | undefined {
  if (type !== PERF_RECORD_SAMPLE || body.byteLength < RAW_SIZE_BYTES) return undefined;
  const bytes = new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  return bytes.subarray(RAW_SIZE_BYTES, RAW_SIZE_BYTES + body.getUint32(0, true));
}
