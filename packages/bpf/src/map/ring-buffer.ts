/**
 * The consumer of a BPF ring buffer: mapped into this process and read in place.
 *
 * Memory at the map's descriptor: one page with the consumer position, which we write; one page with the
 * producer position; then the data twice in a row. The latter two are read-only.
 */
import { PROT_READ, PROT_WRITE } from '../sys/constants.ts';
import type { KernelCalls, Mapping } from '../sys/kernel-calls.ts';
import { KernelError } from '../sys/kernel-error.ts';
import type { BpfMap } from './bpf-map.ts';
import { MapError } from './map-error.ts';
import { type RecordHandler, walkRecords } from './ring-record.ts';

/** Room is given back to producers after so many bytes, not only at the end of a long drain. */
const RELEASE_BYTES = 256 << 10;

export class RingBuffer {
  readonly map: BpfMap;
  readonly #calls: KernelCalls;
  readonly #consumerPage: Mapping;
  readonly #producerPages: Mapping;
  readonly #consumer: BigUint64Array;
  /** The low half of the producer position; the distance of two positions fits 32 bits. */
  readonly #producerLow: Uint32Array;
  readonly #data: Uint8Array;
  readonly #headers: Uint32Array;
  #position: bigint;
  #peakBytes = 0;
  #open = true;
  #draining = false;
  #onConsume: (position: bigint) => void = () => undefined;

  /** Maps the buffer of a `ringbuf` map, which the caller keeps open meanwhile. Throws MapError. */
  constructor(map: BpfMap, calls: KernelCalls, pageSize: number) {
    this.map = map;
    this.#calls = calls;
    const sizeBytes = map.spec.maxEntries;
    this.#consumerPage = this.#mmap(pageSize, PROT_READ | PROT_WRITE, 0);
    try {
      this.#producerPages = this.#mmap(pageSize + 2 * sizeBytes, PROT_READ, pageSize);
    } catch (error) {
      calls.munmap(this.#consumerPage);
      throw error;
    }
    this.#consumer = new BigUint64Array(this.#consumerPage.buffer, 0, 1);
    this.#producerLow = new Uint32Array(this.#producerPages.buffer, 0, 1);
    this.#data = new Uint8Array(this.#producerPages.buffer, pageSize);
    this.#headers = new Uint32Array(this.#producerPages.buffer, pageSize);
    this.#position = Atomics.load(this.#consumer, 0);
  }

  /** Bytes that producers have reserved and nobody has consumed, headers included. */
  get availableBytes(): number {
    if (!this.#open) return 0;
    const produced = Atomics.load(this.#producerLow, 0);
    return (produced - Number(this.#position & 0xffff_ffffn)) >>> 0;
  }

  /** The most that was found waiting at the start of a drain. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** Called with the position up to which records have been handed over, before the kernel may write over them. */
  onConsume(onConsume: (position: bigint) => void): void {
    this.#onConsume = onConsume;
  }

  /** Goes on there, if records up to there have not been consumed. */
  skipTo(position: bigint): void {
    if (position > this.#position) this.#position = position;
  }

  /**
   * Consumes the records that were there at the start of the call, in order, and returns how many. Stops at one
   * that is still being written, and after one for which `isEnough` is true. If `onRecord` throws, its batch is
   * delivered again by the next call.
   */
  drain(onRecord: RecordHandler, isEnough: () => boolean = () => false): number {
    let remaining = this.availableBytes;
    this.#peakBytes = Math.max(this.#peakBytes, remaining);
    let records = 0;
    let enough = false;
    const ask = (): boolean => {
      enough = isEnough();
      return enough;
    };
    this.#draining = true;
    try {
      while (remaining > 0 && this.#open && !enough) {
        const window = {
          data: this.#data,
          headers: this.#headers,
          position: Number(this.#position & 0xffff_ffffn),
          availableBytes: remaining,
        };
        const walk = walkRecords(window, RELEASE_BYTES, onRecord, ask);
        if (walk.consumedBytes === 0) break;
        this.#position += BigInt(walk.consumedBytes);
        this.#onConsume(this.#position);
        Atomics.store(this.#consumer, 0, this.#position);
        remaining -= walk.consumedBytes;
        records += walk.records;
      }
    } finally {
      this.#draining = false;
      if (!this.#open) this.#unmap();
    }
    return records;
  }

  /** Unmaps, if called by a record handler once its drain has ended; no record may be used after that. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    if (!this.#draining) this.#unmap();
  }

  #unmap(): void {
    this.#calls.munmap(this.#consumerPage);
    this.#calls.munmap(this.#producerPages);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #mmap(sizeBytes: number, protection: number, offsetBytes: number): Mapping {
    const mapping = this.#calls.mmap(this.map.fd.number, sizeBytes, protection, offsetBytes);
    if (typeof mapping !== 'number') return mapping;
    throw new MapError(`open ring buffer ${this.map.spec.name}`, new KernelError('mmap', -mapping));
  }
}
