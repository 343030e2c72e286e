/** Pictures as PNG (ISO 15948): eight bits a colour, no filter, compressed by Node's zlib. */
import { crc32, deflateSync } from 'node:zlib';

export type Rgb = readonly [red: number, green: number, blue: number];

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const TRUE_COLOR = 2;
const BYTES_PER_PIXEL = 3;

export class Picture {
  readonly width: number;
  readonly height: number;
  /** Rows one after the other, each led by the number of its filter, which is 0. */
  readonly #bytes: Buffer;

  constructor(width: number, height: number, ground: Rgb) {
    this.width = width;
    this.height = height;
    this.#bytes = Buffer.alloc(height * (1 + width * BYTES_PER_PIXEL));
    this.fill(0, 0, width, height, ground);
  }

  /** What lies outside is left out. */
  fill(left: number, top: number, width: number, height: number, color: Rgb): void {
    const right = Math.min(this.width, left + width);
    const bottom = Math.min(this.height, top + height);
    for (let y = Math.max(0, top); y < bottom; y++) {
      for (let x = Math.max(0, left); x < right; x++) this.#bytes.set(color, this.#offset(x, y));
    }
  }

  pixel(x: number, y: number): Rgb {
    const at = this.#offset(x, y);
    return [this.#bytes[at] ?? 0, this.#bytes[at + 1] ?? 0, this.#bytes[at + 2] ?? 0];
  }

  encode(): Buffer {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(this.width, 0);
    header.writeUInt32BE(this.height, 4);
    header.set([8, TRUE_COLOR, 0, 0, 0], 8);
    return Buffer.concat([
      SIGNATURE,
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(this.#bytes)),
      chunk('IEND', Buffer.alloc(0)),
    ]);
  }

  #offset(x: number, y: number): number {
    return y * (1 + this.width * BYTES_PER_PIXEL) + 1 + x * BYTES_PER_PIXEL;
  }
}

/** Length, type, data, and the checksum of type and data. */
function chunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(named, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}
