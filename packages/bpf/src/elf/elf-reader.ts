/** Checked little-endian reads: whatever lies outside the file is an `ElfError` and never a crash. */
import { ElfError } from './elf-error.ts';

const utf8 = new TextDecoder();

/** Mangled names reach some tens of thousands; a damaged table must not yield the whole file over and over. */
const MAX_STRING_BYTES = 65_536;

export class ElfReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(at: number): number {
    this.#check(at, 1);
    return this.#view.getUint8(at);
  }

  u16(at: number): number {
    this.#check(at, 2);
    return this.#view.getUint16(at, true);
  }

  u32(at: number): number {
    this.#check(at, 4);
    return this.#view.getUint32(at, true);
  }

  /**
   * A 64-bit offset, size or address as a number, exact up to 2⁵³. Beyond that it is rounded: no file is that long and
   * no user program is loaded there, so such a value fails the next check or matches nothing.
   */
  u64(at: number): number {
    return this.u32(at + 4) * 2 ** 32 + this.u32(at);
  }

  /** The part of the file that `what` says it occupies. */
  slice(at: number, length: number, what: string): Uint8Array {
    if (at + length > this.bytes.length) throw new ElfError(`elf: ${what} runs past the end`);
    return this.bytes.subarray(at, at + length);
  }

  /** A string up to its zero byte, or where that is missing to the end of the file or of what is sensible. */
  string(at: number): string {
    this.#check(at, 1);
    const limit = Math.min(at + MAX_STRING_BYTES, this.bytes.length);
    let end = at;
    while (end < limit && this.bytes[end] !== 0) end++;
    return utf8.decode(this.bytes.subarray(at, end));
  }

  #check(at: number, length: number): void {
    if (at + length > this.bytes.length) throw new ElfError(`elf: read past the end at ${at}`);
  }
}
