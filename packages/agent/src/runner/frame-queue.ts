/**
 * Frames on their way from a runner to JetStream: in order, one outstanding, bounded in bytes.
 *
 * While one is being stored, events gather into larger frames. When the bound is reached new event frames are
 * dropped and counted; map frames are absolute and few, and are never dropped.
 */
import { encodeFrame, splitFrame, type Frame, type FrameHeader } from '@bpfleet/protocol';

/** Stores one encoded frame; retries until it is stored or rejects when it never will be. */
export type StoreFrame = (sequence: number, bytes: Uint8Array) => Promise<void>;

const MAX_QUEUED_BYTES = 32 << 20;
const MAX_FRAME_BYTES = 512 << 10;

export class FrameQueue {
  readonly #header: () => Omit<FrameHeader, 'sequence'>;
  readonly #store: StoreFrame;
  readonly #maxQueuedBytes: number;
  readonly #queue: Frame[] = [];
  #queuedBytes = 0;
  #sequence = 0;
  #dropped = 0;
  #pump: Promise<void> | undefined;

  constructor(
    header: () => Omit<FrameHeader, 'sequence'>,
    store: StoreFrame,
    maxQueuedBytes: number = MAX_QUEUED_BYTES,
  ) {
    this.#header = header;
    this.#store = store;
    this.#maxQueuedBytes = maxQueuedBytes;
  }

  /** Events dropped so far because the queue was full. */
  get dropped(): number {
    return this.#dropped;
  }

  push(frame: Frame): void {
    if (frame.kind === 'events') {
      const bytes = sizeOfRecords(frame.records);
      if (this.#queuedBytes + bytes > this.#maxQueuedBytes) {
        this.#dropped += frame.records.length;
        return;
      }
      this.#queuedBytes += bytes;
    }
    this.#queue.push(frame);
    this.#pump ??= this.#run();
  }

  /** Resolves when everything pushed so far is stored; rejects when the store gave up. */
  async drained(): Promise<void> {
    while (this.#pump !== undefined) await this.#pump;
  }

  async #run(): Promise<void> {
    try {
      for (let frame = this.#next(); frame !== undefined; frame = this.#next()) {
        for (const part of splitFrame(frame, MAX_FRAME_BYTES)) {
          const sequence = this.#sequence;
          await this.#store(sequence, encodeFrame({ ...this.#header(), sequence }, part));
          this.#sequence += 1;
        }
      }
    } finally {
      this.#pump = undefined;
    }
  }

  /** The next frame, with directly following event frames gathered into it. */
  #next(): Frame | undefined {
    const first = this.#queue.shift();
    if (first?.kind !== 'events') return first;
    const records = [...first.records];
    let bytes = sizeOfRecords(first.records);
    this.#queuedBytes -= bytes;
    for (let next = this.#queue[0]; next?.kind === 'events'; next = this.#queue[0]) {
      const more = sizeOfRecords(next.records);
      if (bytes + more > MAX_FRAME_BYTES) break;
      this.#queue.shift();
      this.#queuedBytes -= more;
      bytes += more;
      for (const record of next.records) records.push(record);
    }
    return { kind: 'events', records };
  }
}

function sizeOfRecords(records: readonly Uint8Array[]): number {
  let bytes = 0;
  for (const record of records) bytes += record.length;
  return bytes;
}
