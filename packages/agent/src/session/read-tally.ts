/**
 * How far the ring buffer has been read, and how many events that were, written down in the kernel before the ring's
 * room is given back: whoever has the maps of a process that was killed knows which events it took with it.
 */
import { BpfMap, type KernelCalls, type MapSpec } from '@bpfleet/bpf';

/** One element: u64 position in the ring, u64 events before it. */
export const TALLY_MAP: MapSpec = {
  name: 'tally',
  type: 'array',
  keySize: 4,
  valueSize: 16,
  maxEntries: 1,
  flags: 0,
};

export interface Tally {
  readonly position: bigint;
  readonly events: number;
}

const KEY = new Uint8Array(4);

export class ReadTally {
  readonly map: BpfMap;
  readonly #value = new Uint8Array(TALLY_MAP.valueSize);
  readonly #words = new BigUint64Array(this.#value.buffer);

  /** Throws MapError. */
  constructor(calls: KernelCalls) {
    this.map = BpfMap.create(TALLY_MAP, calls, 1);
  }

  /** One system call, which no signal divides. */
  write({ position, events }: Tally): void {
    this.#words[0] = position;
    this.#words[1] = BigInt(events);
    this.map.update(KEY, this.#value);
  }

  [Symbol.dispose](): void {
    this.map.close();
  }
}

/** What was written last. */
export function readTally(map: BpfMap): Tally {
  const value = map.lookup(KEY) ?? new Uint8Array(TALLY_MAP.valueSize);
  const [position = 0n, events = 0n] = new BigUint64Array(value.buffer, value.byteOffset, 2);
  return { position, events: Number(events) };
}
