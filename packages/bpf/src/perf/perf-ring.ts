/**
 * The buffer of one perf event, mapped into this process.
 *
 * Memory: a page in which the kernel says how far it has written (`data_head`) and we say how far we have read
 * (`data_tail`), then the data. Layout: `struct perf_event_mmap_page` in
 * https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/perf_event.h
 */
import { PROT_READ, PROT_WRITE } from '../sys/constants.ts';
import type { Fd } from '../sys/fd.ts';
import type { KernelCalls, Mapping } from '../sys/kernel-calls.ts';
import { KernelError } from '../sys/kernel-error.ts';

const HEAD_AT = 1024;
const TAIL_AT = 1032;
const HEADER_BYTES = 8;

/** One record: `type` is `PERF_RECORD_…`; the bytes are those behind its header, and the caller's to keep. */
export interface PerfRecord {
  readonly type: number;
  readonly misc: number;
  readonly body: DataView;
}

export class PerfRing {
  readonly #calls: KernelCalls;
  readonly #mapping: Mapping;
  readonly #head: BigUint64Array;
  /** The low half alone tells, cheaply, whether there is anything new. */
  readonly #headLow: Uint32Array;
  readonly #tail: BigUint64Array;
  readonly #data: Uint8Array;
  #readUpTo = 0;
  #open = true;

  /** @param dataBytes a power of two, at least a page. Throws KernelError. */
  constructor(event: Fd, calls: KernelCalls, pageSize: number, dataBytes: number) {
    const mapping = calls.mmap(event.number, pageSize + dataBytes, PROT_READ | PROT_WRITE, 0);
    if (typeof mapping === 'number') throw new KernelError('mmap', -mapping);
    this.#calls = calls;
    this.#mapping = mapping;
    this.#head = new BigUint64Array(mapping.buffer, HEAD_AT, 1);
    this.#headLow = new Uint32Array(mapping.buffer, HEAD_AT, 1);
    this.#tail = new BigUint64Array(mapping.buffer, TAIL_AT, 1);
    this.#data = new Uint8Array(mapping.buffer, pageSize, dataBytes);
  }

  /** Reads what was written so far. */
  drain(onRecord: (record: PerfRecord) => void): void {
    if (!this.#open || Atomics.load(this.#headLow, 0) === this.#readUpTo) return;
    const head = Atomics.load(this.#head, 0);
    const bytes = this.#copy(Atomics.load(this.#tail, 0), head);
    Atomics.store(this.#tail, 0, head);
    this.#readUpTo = Number(head & 0xffff_ffffn);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at + HEADER_BYTES <= bytes.length;) {
      const size = view.getUint16(at + 6, true);
      if (size < HEADER_BYTES || at + size > bytes.length) return;
      onRecord({
        type: view.getUint32(at, true),
        misc: view.getUint16(at + 4, true),
        body: new DataView(bytes.buffer, at + HEADER_BYTES, size - HEADER_BYTES),
      });
      at += size;
    }
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#calls.munmap(this.#mapping);
  }

  #copy(tail: bigint, head: bigint): Uint8Array<ArrayBuffer> {
    const size = this.#data.length;
    const length = Number(BigInt.asUintN(64, head - tail));
    if (length > size) return new Uint8Array();
    const bytes = new Uint8Array(length);
    const start = Number(tail % BigInt(size));
    const first = this.#data.subarray(start, Math.min(start + length, size));
    bytes.set(first);
    bytes.set(this.#data.subarray(0, length - first.length), first.length);
    return bytes;
  }
}
