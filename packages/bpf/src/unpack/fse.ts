/** Finite state entropy, zstd's code for small alphabets (RFC 8878, 4.1). */
import type { BackwardBits } from './backward-bits.ts';
import { UnpackError } from './unpack-error.ts';

export interface FseTable {
  /** Bits of a state. */
  readonly log: number;
  readonly symbols: Uint8Array;
  /** How many bits choose the next state, and what they are added to. */
  readonly bits: Uint8Array;
  readonly bases: Uint16Array;
}

/** @param counts how many states each symbol has; -1 for one that is so rare that it has but one */
export function fseTable(counts: readonly number[], log: number): FseTable {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  const bits = new Uint8Array(size);
  const bases = new Uint16Array(size);
  let end = size;
  counts.forEach((count, symbol) => {
    if (count === -1) symbols[--end] = symbol;
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  counts.forEach((count, symbol) => {
    for (let left = count; left > 0; left--) {
      symbols[at] = symbol;
      do at = (at + step) & (size - 1);
      while (at >= end);
    }
  });
  const next = counts.map((count) => Math.abs(count));
  for (let state = 0; state < size; state++) {
    const symbol = symbols[state] ?? 0;
    const value = next[symbol] ?? 1;
    next[symbol] = value + 1;
    const width = log - (31 - Math.clz32(value));
    bits[state] = width;
    bases[state] = (value << width) - size;
  }
  return { log, symbols, bits, bases };
}

/** A code of one symbol, that takes no bits. */
export function fseConstant(symbol: number): FseTable {
  return {
    log: 0,
    symbols: Uint8Array.of(symbol),
    bits: Uint8Array.of(0),
    bases: Uint16Array.of(0),
  };
}

/**
 * A table as frames have it, and how many bytes it takes.
 * @throws UnpackError
 */
export function readFseTable(
  bytes: Uint8Array,
  maxLog: number,
  maxSymbol: number,
): { readonly table: FseTable; readonly length: number } {
  let at = 0;
  const peek = (count: number): number => {
    const byte = at >> 3;
    const word =
      (bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8) | ((bytes[byte + 2] ?? 0) << 16);
    return (word >>> (at & 7)) & ((1 << count) - 1);
  };
  const log = peek(4) + 5;
  at += 4;
  if (log > maxLog) throw new UnpackError('zstd table is too large');
  const counts: number[] = [];
  let remaining = (1 << log) + 1;
  while (remaining > 1 && counts.length <= maxSymbol) {
    const width = 32 - Math.clz32(remaining);
    // The lowest values take a bit less.
    const short = (1 << width) - 1 - remaining;
    const value = peek(width);
    const low = value & ((1 << (width - 1)) - 1);
    const isShort = low < short;
    at += isShort ? width - 1 : width;
    const code = isShort ? low : value >= 1 << (width - 1) ? value - short : value;
    const count = code - 1;
    remaining -= Math.abs(count);
    counts.push(count);
    if (count !== 0) continue;
    for (let repeat = 3; repeat === 3;) {
      repeat = peek(2);
      at += 2;
      for (let left = repeat; left > 0; left--) counts.push(0);
    }
  }
  const length = Math.ceil(at / 8);
  if (remaining !== 1 || counts.length > maxSymbol + 1 || length > bytes.length) {
    throw new UnpackError('damaged zstd table');
  }
  return { table: fseTable(counts, log), length };
}

/** One reader of a code; several may take turns on the same bits. */
export class FseState {
  readonly #table: FseTable;
  #state: number;

  constructor(table: FseTable, input: BackwardBits) {
    this.#table = table;
    this.#state = input.read(table.log);
  }

  get symbol(): number {
    return this.#table.symbols[this.#state] ?? 0;
  }

  advance(input: BackwardBits): void {
    const { bases, bits } = this.#table;
    this.#state = (bases[this.#state] ?? 0) + input.read(bits[this.#state] ?? 0);
  }
}
