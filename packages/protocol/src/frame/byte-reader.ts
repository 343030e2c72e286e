/** Reads what `ByteWriter` wrote. Every length is checked against the bytes that are left before anything is made of it. */
import { decodeText } from '../value/text-bytes.ts';
import { FrameError } from './frame-error.ts';

/** All methods throw FrameError. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    // Views of a Buffer are Buffers, which take long to make.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw new FrameError('ends early');
    this.#at++;
    return value;
  }

  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (value > Number.MAX_SAFE_INTEGER) throw new FrameError('number out of range');
      if (byte < 0x80) return value;
      if (scale > Number.MAX_SAFE_INTEGER) throw new FrameError('number out of range');
    }
  }

  integer(): bigint {
    const small = this.#smallInteger();
    if (small !== undefined) return small;
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (shift > 63n) throw new FrameError('integer out of range');
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    const result = (value & 1n) === 0n ? value >> 1n : -((value + 1n) >> 1n);
    if (result < -(1n << 63n) || result >= 1n << 64n) throw new FrameError('integer out of range');
    return result;
  }

  /** Of at most four bytes, as most are, without arithmetic of bigints; undefined, and nothing read, for longer ones. */
  #smallInteger(): bigint | undefined {
    let value = 0;
    for (let index = 0; index < 4; index++) {
      const byte = this.#bytes[this.#at + index];
      if (byte === undefined) return undefined;
      value |= (byte & 0x7f) << (7 * index);
      if (byte < 0x80) {
        this.#at += index + 1;
        return BigInt((value & 1) === 0 ? value >>> 1 : -((value + 1) >>> 1));
      }
    }
    return undefined;
  }

  /** A view of the frame's bytes, not a copy. */
  bytes(): Uint8Array {
    const length = this.number();
    if (length > this.#left) throw new FrameError('ends early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  text(): string {
    return decodeText(this.bytes());
  }

  /** Each element takes at least one byte, so that a count cannot promise more than the frame holds. */
  list<T>(read: () => T): T[] {
    const length = this.number();
    if (length > this.#left) throw new FrameError('ends early');
    return Array.from({ length }, read);
  }

  end(): void {
    if (this.#left > 0) throw new FrameError(`${this.#left} bytes too many`);
  }

  get #left(): number {
    return this.#bytes.length - this.#at;
  }
}
