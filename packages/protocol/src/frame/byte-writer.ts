/** Builds a frame: unsigned numbers as LEB128, signed 64-bit ones zigzag first, texts and bytes with their length. */
import { encodeText } from '../value/text-bytes.ts';

export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Throws RangeError for what is not a whole number from 0 to 2^53 − 1: the sender's mistake. */
  number(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`encode frame: ${value} is not an unsigned integer`);
    }
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** From −2^63 to 2^64 − 1. Throws RangeError outside. */
  integer(value: bigint): void {
    if (value < -(1n << 63n) || value >= 1n << 64n) {
      throw new RangeError(`encode frame: ${value} does not fit in 64 bits`);
    }
    let rest = value < 0n ? -2n * value - 1n : 2n * value;
    while (rest > BigInt(Number.MAX_SAFE_INTEGER)) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.number(Number(rest));
  }

  bytes(value: Uint8Array): void {
    this.number(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  text(value: string): void {
    this.bytes(encodeText(value));
  }

  list<T>(values: readonly T[], write: (value: T) => void): void {
    this.number(values.length);
    for (const value of values) write(value);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** As `finish`, with four bytes more: what `checksum` makes of all the others, least significant first. */
  finishWith(checksum: (bytes: Uint8Array) => number): Uint8Array {
    const value = checksum(this.#bytes.subarray(0, this.#length));
    for (let shift = 0; shift < 32; shift += 8) this.byte((value >>> shift) & 0xff);
    return this.finish();
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + size));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
