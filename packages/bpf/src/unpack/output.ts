/** Where unpacked bytes go: it grows up to a limit, and what was written can be copied from. */
import { UnpackError } from './unpack-error.ts';

const FIRST_BYTES = 1 << 16;

export class Output {
  readonly #limitBytes: number;
  #bytes: Uint8Array;
  #length = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
    this.#bytes = new Uint8Array(Math.min(limitBytes, FIRST_BYTES));
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  push(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  append(part: Uint8Array): void {
    this.#reserve(part.length);
    this.#bytes.set(part, this.#length);
    this.#length += part.length;
  }

  fill(byte: number, count: number): void {
    this.#reserve(count);
    this.#bytes.fill(byte, this.#length, this.#length + count);
    this.#length += count;
  }

  /** The byte written so many bytes ago. */
  back(distance: number): number {
    return this.#bytes[this.#length - distance] ?? 0;
  }

  /** Repeats what was written; the copy may overlap what it writes. */
  copy(distance: number, count: number): void {
    if (distance <= 0 || distance > this.#length) {
      throw new UnpackError('repeats bytes from before the start');
    }
    this.#reserve(count);
    const bytes = this.#bytes;
    let to = this.#length;
    for (const end = to + count; to < end; to++) bytes[to] = bytes[to - distance] ?? 0;
    this.#length = to;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    if (needed > this.#limitBytes) {
      throw new UnpackError(`unpacks to more than ${this.#limitBytes} bytes`);
    }
    const grown = new Uint8Array(
      Math.min(this.#limitBytes, Math.max(needed, 2 * this.#bytes.length)),
    );
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
