/** The arithmetic decoder of LZMA: bits by how probable they have been, whose probabilities it adjusts. */
import { UnpackError } from './unpack-error.ts';

const PROBABILITY_BITS = 11;
const ADJUST_BITS = 5;
const TOP = 2 ** 24;
const HEADER_BYTES = 5;

/** Equally probable, as all bits are at first. */
export function evenProbabilities(count: number): Uint16Array {
  return new Uint16Array(count).fill(1 << (PROBABILITY_BITS - 1));
}

export class RangeDecoder {
  readonly #bytes: Uint8Array;
  #at = HEADER_BYTES;
  #range = 0xffff_ffff;
  #code = 0;

  constructor(bytes: Uint8Array) {
    if (bytes.length < HEADER_BYTES || bytes[0] !== 0) throw new UnpackError('damaged LZMA data');
    this.#bytes = bytes;
    for (let at = 1; at < HEADER_BYTES; at++) this.#code = (this.#code << 8) | (bytes[at] ?? 0);
    this.#code >>>= 0;
  }

  /** Whether all of the bytes were used, and none was missing. */
  get isFinished(): boolean {
    return this.#at === this.#bytes.length && this.#code === 0;
  }

  bit(probabilities: Uint16Array, index: number): 0 | 1 {
    const probability = probabilities[index] ?? 0;
    const bound = (this.#range >>> PROBABILITY_BITS) * probability;
    let bit: 0 | 1;
    if (this.#code < bound) {
      this.#range = bound;
      probabilities[index] =
        probability + (((1 << PROBABILITY_BITS) - probability) >>> ADJUST_BITS);
      bit = 0;
    } else {
      this.#range -= bound;
      this.#code -= bound;
      probabilities[index] = probability - (probability >>> ADJUST_BITS);
      bit = 1;
    }
    this.#normalize();
    return bit;
  }

  /** A number of so many bits, the highest first, each judged by those before it. */
  tree(probabilities: Uint16Array, base: number, bits: number): number {
    let node = 1;
    for (let left = bits; left > 0; left--) node = node * 2 + this.bit(probabilities, base + node);
    return node - (1 << bits);
  }

  /** The same, the lowest first. */
  reverseTree(probabilities: Uint16Array, base: number, bits: number): number {
    let node = 1;
    let value = 0;
    for (let place = 0; place < bits; place++) {
      const bit = this.bit(probabilities, base + node);
      node = node * 2 + bit;
      value |= bit << place;
    }
    return value;
  }

  /** Bits of which neither is more probable, the highest first. */
  direct(bits: number): number {
    let value = 0;
    for (let left = bits; left > 0; left--) {
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code -= this.#range;
      value = value * 2 + bit;
      this.#normalize();
    }
    return value;
  }

  #normalize(): void {
    if (this.#range >= TOP) return;
    if (this.#at >= this.#bytes.length) throw new UnpackError('LZMA data ends too early');
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | (this.#bytes[this.#at++] ?? 0)) >>> 0;
  }
}
