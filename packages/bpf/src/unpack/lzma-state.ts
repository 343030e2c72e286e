/**
 * The state of an LZMA decoder between its chunks: what it has learnt of the data.
 *
 * Format: https://www.7-zip.org/sdk.html (lzma-specification.txt)
 */
import type { Output } from './output.ts';
import { evenProbabilities, type RangeDecoder } from './range-decoder.ts';
import { UnpackError } from './unpack-error.ts';

/** How many of the last bytes are remembered as literal or match. */
const STATES = 12;
const MAX_POSITION_STATES = 16;
const LENGTH_STATES = 4;
const FIRST_MODEL_DISTANCE = 4;
const END_MODEL_DISTANCE = 14;
const ALIGN_BITS = 4;
const MIN_MATCH = 2;
const LITERAL_CODES = 0x300;

/** How long a match is: short, middling or long ones each have a tree of their own. */
class LengthCodes {
  readonly #choice = evenProbabilities(2);
  readonly #low = evenProbabilities(MAX_POSITION_STATES << 3);
  readonly #middle = evenProbabilities(MAX_POSITION_STATES << 3);
  readonly #high = evenProbabilities(256);

  read(input: RangeDecoder, positionState: number): number {
    if (input.bit(this.#choice, 0) === 0) return input.tree(this.#low, positionState << 3, 3);
    if (input.bit(this.#choice, 1) === 0)
      return 8 + input.tree(this.#middle, positionState << 3, 3);
    return 16 + input.tree(this.#high, 0, 8);
  }
}

export interface LzmaProperties {
  /** Bits of the byte before, and of the position, that literals are judged by. */
  readonly literalContextBits: number;
  readonly literalPositionBits: number;
  /** Bits of the position that everything else is judged by. */
  readonly positionBits: number;
}

/** @throws UnpackError for a byte that stands for none. */
export function lzmaProperties(byte: number): LzmaProperties {
  const literalContextBits = byte % 9;
  const literalPositionBits = Math.floor(byte / 9) % 5;
  const positionBits = Math.floor(byte / 45);
  if (positionBits > 4 || literalContextBits + literalPositionBits > 4) {
    throw new UnpackError('LZMA properties make no sense');
  }
  return { literalContextBits, literalPositionBits, positionBits };
}

export class LzmaState {
  readonly #properties: LzmaProperties;
  readonly #literals: Uint16Array;
  readonly #isMatch = evenProbabilities(STATES * MAX_POSITION_STATES);
  readonly #isRepeat = evenProbabilities(STATES);
  /** Of a repeated distance: is it the last, the one before, the one before that? */
  readonly #isLater = [
    evenProbabilities(STATES),
    evenProbabilities(STATES),
    evenProbabilities(STATES),
  ] as const;
  readonly #isLongRepeat = evenProbabilities(STATES * MAX_POSITION_STATES);
  readonly #slots = evenProbabilities(LENGTH_STATES * 64);
  readonly #special = evenProbabilities(128);
  readonly #align = evenProbabilities(1 << ALIGN_BITS);
  readonly #lengths = new LengthCodes();
  readonly #repeatLengths = new LengthCodes();
  #distances: readonly [number, number, number, number] = [0, 0, 0, 0];
  #state = 0;

  constructor(properties: LzmaProperties) {
    this.#properties = properties;
    const contexts = properties.literalContextBits + properties.literalPositionBits;
    this.#literals = evenProbabilities(LITERAL_CODES << contexts);
  }

  /**
   * Unpacks up to a length of the output.
   * @param start of the output where its dictionary begins
   * @throws UnpackError
   */
  run(input: RangeDecoder, output: Output, start: number, end: number): void {
    while (output.length < end) {
      const positionState = (output.length - start) & ((1 << this.#properties.positionBits) - 1);
      const index = this.#state * MAX_POSITION_STATES + positionState;
      if (input.bit(this.#isMatch, index) === 0) {
        this.#literal(input, output, start);
        continue;
      }
      const length = this.#match(input, positionState, index);
      const distance = this.#distances[0] + 1;
      if (distance > output.length - start || output.length + length > end) {
        throw new UnpackError('damaged LZMA data');
      }
      output.copy(distance, length);
    }
  }

  #literal(input: RangeDecoder, output: Output, start: number): void {
    const { literalContextBits, literalPositionBits } = this.#properties;
    const position = output.length - start;
    const before = position === 0 ? 0 : output.back(1);
    const context =
      ((position & ((1 << literalPositionBits) - 1)) << literalContextBits) +
      (before >> (8 - literalContextBits));
    const base = LITERAL_CODES * context;
    let symbol = 1;
    // After a match the byte that would have gone on with it is unlikely.
    if (this.#state >= 7) {
      let expected = output.back(this.#distances[0] + 1);
      while (symbol < 0x100) {
        const wanted = (expected >> 7) & 1;
        expected <<= 1;
        const bit = input.bit(this.#literals, base + ((1 + wanted) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (bit !== wanted) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | input.bit(this.#literals, base + symbol);
    output.push(symbol & 0xff);
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  /** Gives the length of a match, whose distance becomes the last one. */
  #match(input: RangeDecoder, positionState: number, index: number): number {
    const state = this.#state;
    const [last, second, third, fourth] = this.#distances;
    if (input.bit(this.#isRepeat, state) === 0) {
      const length = this.#lengths.read(input, positionState);
      this.#distances = [this.#distance(input, length), last, second, third];
      this.#state = state < 7 ? 7 : 10;
      return length + MIN_MATCH;
    }
    const [isLater, isThird, isFourth] = this.#isLater;
    if (input.bit(isLater, state) === 0) {
      if (input.bit(this.#isLongRepeat, index) === 0) {
        this.#state = state < 7 ? 9 : 11;
        return 1;
      }
    } else if (input.bit(isThird, state) === 0) {
      this.#distances = [second, last, third, fourth];
    } else if (input.bit(isFourth, state) === 0) {
      this.#distances = [third, last, second, fourth];
    } else {
      this.#distances = [fourth, last, second, third];
    }
    this.#state = state < 7 ? 8 : 11;
    return this.#repeatLengths.read(input, positionState) + MIN_MATCH;
  }

  #distance(input: RangeDecoder, length: number): number {
    const lengthState = Math.min(length, LENGTH_STATES - 1);
    const slot = input.tree(this.#slots, lengthState << 6, 6);
    if (slot < FIRST_MODEL_DISTANCE) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < END_MODEL_DISTANCE) {
      return base + input.reverseTree(this.#special, base - slot, bits);
    }
    return (
      base +
      input.direct(bits - ALIGN_BITS) * (1 << ALIGN_BITS) +
      input.reverseTree(this.#align, 0, ALIGN_BITS)
    );
  }
}
