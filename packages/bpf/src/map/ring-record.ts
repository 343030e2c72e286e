/**
 * The record protocol of a BPF ring buffer, over plain memory.
 *
 * The kernel maps the data twice in a row, so that a record that wraps around is contiguous. Each record is
 *
 *     0 … 4                                   4 … 8      8 … 8 + length   padded to 8 bytes
 *     BUSY (bit 31) DISCARD (bit 30) length   page offs  data
 *
 * https://github.com/torvalds/linux/blob/v6.12/kernel/bpf/ringbuf.c
 */
import {
  BPF_RINGBUF_BUSY_BIT,
  BPF_RINGBUF_DISCARD_BIT,
  BPF_RINGBUF_HDR_SZ,
} from '../sys/constants.ts';

const LENGTH_MASK = BPF_RINGBUF_DISCARD_BIT - 1;

/** Called with a record that is valid only during the call: the kernel reuses the memory afterwards. */
export type RecordHandler = (record: Uint8Array) => void;

/** The part of a ring that a walk may read. */
export interface RingWindow {
  /** The ring twice in a row. */
  readonly data: Uint8Array;
  /** The same memory as words. */
  readonly headers: Uint32Array;
  /** The consumer position, of which the low 32 bits matter. */
  readonly position: number;
  /** How far the producer is ahead. */
  readonly availableBytes: number;
}

export interface RingWalk {
  /** How far to move the consumer position. */
  readonly consumedBytes: number;
  /** Records handed over; discarded ones are passed by. */
  readonly records: number;
}

/**
 * Hands over records in order until `limitBytes` are passed, the window ends, `isEnough` says so after a record, or one
 * is still being written. Throws RangeError for a record longer than what is available, which no sound kernel writes.
 */
export function walkRecords(
  window: RingWindow,
  limitBytes: number,
  onRecord: RecordHandler,
  isEnough: () => boolean = () => false,
): RingWalk {
  const { data, headers, position, availableBytes } = window;
  const mask = data.length / 2 - 1;
  const end = Math.min(limitBytes, availableBytes);
  let consumedBytes = 0;
  let records = 0;
  while (consumedBytes < end) {
    const at = (position + consumedBytes) & mask;
    // Atomic, because the kernel publishes a record by a release store of this word.
    const header = Atomics.load(headers, at >>> 2);
    if ((header & BPF_RINGBUF_BUSY_BIT) !== 0) break;
    const length = header & LENGTH_MASK;
    const totalBytes = BPF_RINGBUF_HDR_SZ + ((length + 7) & ~7);
    if (consumedBytes + totalBytes > availableBytes) {
      const rest = availableBytes - consumedBytes;
      throw new RangeError(`ring buffer: record of ${length} bytes, but ${rest} are available`);
    }
    if ((header & BPF_RINGBUF_DISCARD_BIT) === 0) {
      const start = at + BPF_RINGBUF_HDR_SZ;
      onRecord(data.subarray(start, start + length));
      records += 1;
    }
    consumedBytes += totalBytes;
    if (isEnough()) break;
  }
  return { consumedBytes, records };
}
