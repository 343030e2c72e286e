/**
 * Frames on their way from a runner to JetStream: in order, one outstanding, bounded in bytes.
 *
 * While one is being stored, events gather into larger frames. When the bound is reached what programs print is
 * dropped and counted, and at twice the bound names are; map frames are never dropped: their values are absolute, so that
 * a session which does not add any while some wait loses nothing.
 */
import {
  encodeFrame,
  frameBytes,
  splitFrame,
  type Frame,
  type FrameHeader,
} from '@bpfleet/protocol';

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
  #queuedMaps = 0;
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

  /** Events, prints and names dropped so far because the queue was full. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Frames of maps wait. */
  get holdsMaps(): boolean {
    return this.#queuedMaps > 0;
  }

  push(frame: Frame): void {
    const bytes = frameBytes(frame);
    const { units, share } = droppable(frame);
    if (units > 0 && this.#queuedBytes + bytes > share * this.#maxQueuedBytes) {
      this.#dropped += units;
      return;
    }
    this.#queuedBytes += bytes;
    if (frame.kind === 'map') this.#queuedMaps += 1;
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
    const first = this.#take();
    if (first?.kind !== 'events') return first;
    const records = [...first.records];
    let bytes = frameBytes(first);
    for (let next = this.#queue[0]; next?.kind === 'events'; next = this.#queue[0]) {
      bytes += frameBytes(next);
      if (bytes > MAX_FRAME_BYTES) break;
      this.#take();
      for (const record of next.records) records.push(record);
    }
    return { kind: 'events', records };
  }

  #take(): Frame | undefined {
    const frame = this.#queue.shift();
    if (frame !== undefined) this.#queuedBytes -= frameBytes(frame);
    if (frame?.kind === 'map') this.#queuedMaps -= 1;
    return frame;
  }
}

/** How much is lost with a frame, 0 where it must not be; and up to which part of the bound it is taken. */
function droppable(frame: Frame): { readonly units: number; readonly share: number } {
  switch (frame.kind) {
    case 'events':
      return { units: frame.records.length, share: 1 };
    case 'print':
    case 'output':
      return { units: 1, share: 1 };
    case 'names':
      return { units: frame.names.length, share: 2 };
    case 'map':
    case 'losses':
    case 'cost':
    case 'end':
      return { units: 0, share: 1 };
  }
}
