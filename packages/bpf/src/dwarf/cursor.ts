/** Checked little-endian reads, one after the other: what lies outside the section is a `DwarfError`. */
import { DwarfError } from './dwarf-error.ts';

const utf8 = new TextDecoder();

/** Names of C++ templates reach some tens of thousands; a damaged table must not yield the whole section over and over. */
const MAX_STRING_BYTES = 65_536;

export class Cursor {
  readonly bytes: Uint8Array;
  /** Where the next read begins. */
  at: number;
  /** Where reading ends, at most at the end of `bytes`. */
  readonly end: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, at: number = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = Math.min(end, bytes.length);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  i8(): number {
    return this.#view.getInt8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u24(): number {
    const at = this.#take(3);
    return this.#view.getUint16(at, true) | (this.#view.getUint8(at + 2) << 16);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  /** Exact up to 2⁵³; no section is that long and no program is loaded there. */
  u64(): number {
    const at = this.#take(8);
    return this.#view.getUint32(at + 4, true) * 2 ** 32 + this.#view.getUint32(at, true);
  }

  big64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  /** An unsigned integer of so many bytes. */
  unsigned(sizeBytes: number): number {
    switch (sizeBytes) {
      case 1:
        return this.u8();
      case 2:
        return this.u16();
      case 3:
        return this.u24();
      case 4:
        return this.u32();
      case 8:
        return this.u64();
      default:
        throw new DwarfError(`dwarf: integer of ${sizeBytes} bytes`);
    }
  }

  /** An unsigned LEB128, exact up to 2⁵³. */
  uleb(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  bigUleb(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.u8();
      if (shift < 64n) value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
  }

  bigSleb(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.u8();
      if (shift < 64n) value |= BigInt(byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      const bits = shift + 7n > 64n ? 64n : shift + 7n;
      return BigInt.asIntN(Number(bits), value);
    }
  }

  sleb(): number {
    return Number(this.bigSleb());
  }

  skipLeb(): void {
    while (this.u8() >= 0x80);
  }

  skip(sizeBytes: number): void {
    this.#take(sizeBytes);
  }

  slice(sizeBytes: number): Uint8Array {
    const at = this.#take(sizeBytes);
    return this.bytes.subarray(at, at + sizeBytes);
  }

  skipString(): void {
    const zero = this.bytes.indexOf(0, this.at);
    this.at = zero === -1 || zero >= this.end ? this.end : zero + 1;
  }

  /** A string and the zero byte behind it. */
  string(): string {
    const start = this.at;
    this.skipString();
    const last = this.bytes[this.at - 1] === 0 ? this.at - 1 : this.at;
    return utf8.decode(this.bytes.subarray(start, Math.min(last, start + MAX_STRING_BYTES)));
  }

  #take(sizeBytes: number): number {
    const { at } = this;
    if (!(at + sizeBytes <= this.end)) throw new DwarfError(`dwarf: read past the end at ${at}`);
    this.at = at + sizeBytes;
    return at;
  }
}

/** The string at an offset of a section of strings. */
export function stringAt(section: Uint8Array, offset: number): string {
  if (offset >= section.length) throw new DwarfError(`dwarf: no string at ${offset}`);
  return new Cursor(section, offset).string();
}
