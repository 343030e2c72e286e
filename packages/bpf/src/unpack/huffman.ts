/** zstd's code for literal bytes (RFC 8878, 4.2). */
import { BackwardBits } from './backward-bits.ts';
import { FseState, readFseTable } from './fse.ts';
import type { Output } from './output.ts';
import { UnpackError } from './unpack-error.ts';

const MAX_BITS = 11;
const MAX_WEIGHTS_LOG = 6;
const MAX_WEIGHTS = 255;
/** From here on a header says how many weights follow as they are, four bits each. */
const PLAIN_WEIGHTS = 128;

export class HuffmanTable {
  readonly #log: number;
  /** By the next bits: the byte, and how many bits it takes. */
  readonly #symbols: Uint8Array;
  readonly #widths: Uint8Array;

  /** @throws UnpackError */
  constructor(weights: readonly number[]) {
    const total = weights.reduce((sum, weight) => sum + (weight === 0 ? 0 : 2 ** (weight - 1)), 0);
    const log = total === 0 ? 0 : 32 - Math.clz32(total);
    const left = 2 ** log - total;
    // The last weight is what is left, and is not written.
    if (total === 0 || log > MAX_BITS || (left & (left - 1)) !== 0) {
      throw new UnpackError('damaged zstd literals');
    }
    const all = [...weights, 32 - Math.clz32(left)];
    this.#log = log;
    this.#symbols = new Uint8Array(1 << log);
    this.#widths = new Uint8Array(1 << log);
    let at = 0;
    for (let weight = 1; weight <= log; weight++) {
      all.forEach((one, symbol) => {
        if (one !== weight) return;
        const end = at + (1 << (weight - 1));
        this.#symbols.fill(symbol, at, end);
        this.#widths.fill(log + 1 - weight, at, end);
        at = end;
      });
    }
  }

  /** Unpacks one stream. Throws UnpackError. */
  read(bytes: Uint8Array, count: number, output: Output): void {
    const input = new BackwardBits(bytes);
    for (let left = count; left > 0; left--) {
      const index = input.peek(this.#log);
      output.push(this.#symbols[index] ?? 0);
      input.skip(this.#widths[index] ?? 0);
    }
    if (input.left !== 0) throw new UnpackError('damaged zstd literals');
  }
}

/**
 * A table as frames have it, and how many bytes it takes.
 * @throws UnpackError
 */
export function readHuffmanTable(bytes: Uint8Array): {
  readonly table: HuffmanTable;
  readonly length: number;
} {
  const header = bytes[0] ?? 0;
  const isPlain = header >= PLAIN_WEIGHTS;
  const count = header - PLAIN_WEIGHTS + 1;
  const length = 1 + (isPlain ? Math.ceil(count / 2) : header);
  if (length > bytes.length) throw new UnpackError('zstd literals end too early');
  const rest = bytes.subarray(1, length);
  const weights = isPlain
    ? Array.from({ length: count }, (_, index) => {
        const byte = rest[index >> 1] ?? 0;
        return index % 2 === 0 ? byte >> 4 : byte & 0xf;
      })
    : packedWeights(rest);
  return { table: new HuffmanTable(weights), length };
}

/** Two readers of one code take turns, until the bits are used up. */
function packedWeights(bytes: Uint8Array): readonly number[] {
  const { table, length } = readFseTable(bytes, MAX_WEIGHTS_LOG, MAX_WEIGHTS);
  const input = new BackwardBits(bytes.subarray(length));
  let current = new FseState(table, input);
  let other = new FseState(table, input);
  const weights: number[] = [];
  while (weights.length < MAX_WEIGHTS) {
    weights.push(current.symbol);
    current.advance(input);
    if (input.left < 0) {
      weights.push(other.symbol);
      return weights;
    }
    [current, other] = [other, current];
  }
  throw new UnpackError('damaged zstd literals');
}
