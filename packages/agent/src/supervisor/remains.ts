/**
 * The maps of a runner's session that its supervisor holds as well: when the runner is killed, they tell which events
 * it took with it. Its own probes are gone by then.
 */
import { BpfMap, readHost, RingBuffer, type KernelCalls } from '@bpfleet/bpf';
import type { LeftBehind } from '@bpfleet/protocol';
import type { SharedMaps } from '../runner/messages.ts';
import { eventNumber, isRead } from '../session/event-number.ts';
import { lossCounter } from '../session/loss-counter.ts';
import { readTally } from '../session/read-tally.ts';

export class Remains {
  readonly #shared: SharedMaps;
  readonly #calls: KernelCalls;
  readonly #maps: readonly BpfMap[];
  readonly #pageSize: number;

  /** Throws MapError; needs CAP_SYS_ADMIN. */
  constructor(shared: SharedMaps, calls: KernelCalls) {
    this.#shared = shared;
    this.#calls = calls;
    const { possibleCpus, pageSize } = readHost();
    this.#pageSize = pageSize;
    const maps: BpfMap[] = [];
    try {
      for (const { id, spec } of [shared.ring, shared.losses, shared.tally]) {
        maps.push(BpfMap.open(id, spec, calls, possibleCpus));
      }
    } catch (error) {
      for (const map of maps) map.close();
      throw error;
    }
    this.#maps = maps;
  }

  /** Of a runner that is dead: once, for what is in the ring is taken out of it. Throws MapError. */
  read(): LeftBehind {
    const [ringMap, losses, tallyMap] = this.#maps as [BpfMap, BpfMap, BpfMap];
    const { position, events } = readTally(tallyMap);
    using ring = new RingBuffer(ringMap, this.#calls, this.#pageSize);
    ring.skipTo(position);
    let unread = 0;
    ring.drain((record) => {
      const kind = this.#shared.events[eventNumber(record)];
      if (kind !== undefined && isRead(kind)) unread += 1;
    });
    return {
      epoch: this.#shared.epoch,
      read: events,
      ringBuffer: lossCounter(losses, 'ringFull') + unread,
      mapFull: lossCounter(losses, 'mapUpdate'),
    };
  }

  close(): void {
    for (const map of this.#maps) map.close();
  }
}
