/** Bits of zstd's entropy codes: read from the end of the bytes to their start, behind a last bit that marks the end. */
import { UnpackError } from './unpack-error.ts';

export class BackwardBits {
  readonly #bytes: Uint8Array;
  /** How many bits are left; below zero where more were asked for than there are, which read as zeros. */
  #left: number;

  /** @throws UnpackError where the mark is missing. */
  constructor(bytes: Uint8Array) {
    const last = bytes.at(-1) ?? 0;
    if (last === 0) throw new UnpackError('zstd bit stream without an end');
    this.#bytes = bytes;
    this.#left = (bytes.length - 1) * 8 + (31 - Math.clz32(last));
  }

  get left(): number {
    return this.#left;
  }

  /** The next bits, at most 24, without moving on. */
  peek(count: number): number {
    const first = this.#left - count;
    const byte = first >> 3;
    const shift = first & 7;
    const word =
      (this.#bytes[byte] ?? 0) |
      ((this.#bytes[byte + 1] ?? 0) << 8) |
      ((this.#bytes[byte + 2] ?? 0) << 16) |
      ((this.#bytes[byte + 3] ?? 0) << 24);
    return (word >>> shift) & ((1 << count) - 1);
  }

  skip(count: number): void {
    this.#left -= count;
  }

  /** A number of at most 32 bits. */
  read(count: number): number {
    if (count === 0) return 0;
    if (count > 16) return this.read(count - 16) * 65_536 + this.read(16);
    const value = this.peek(count);
    this.#left -= count;
    return value;
  }
}
