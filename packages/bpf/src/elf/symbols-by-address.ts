/** Symbols of several tables in the order of their addresses: numbers alone, for there may be a million. */
import type { RawSymbols } from './raw-symbols.ts';

export interface SymbolReference {
  readonly table: RawSymbols;
  readonly index: number;
}

/** Keys of an address and a number stay exact, and sort without a function, below these. */
const MAX_PACKED_ADDRESS = 2 ** 32;
const MAX_PACKED_COUNT = 2 ** 21;

export class SymbolsByAddress {
  readonly #tables: readonly RawSymbols[];
  /** Ascending. */
  readonly #addresses: Float64Array;
  /** Of the same symbols: the number in their table, behind those of the tables before. */
  readonly #numbers: Uint32Array;

  constructor(tables: readonly RawSymbols[]) {
    this.#tables = tables;
    const total = tables.reduce((sum, { count }) => sum + count, 0);
    const addresses = new Float64Array(total);
    const numbers = new Uint32Array(total);
    let kept = 0;
    let first = 0;
    let highest = 0;
    for (const table of tables) {
      for (let index = 0; index < table.count; index++) {
        if (table.kind(index) === undefined) continue;
        const address = table.address(index);
        highest = Math.max(highest, address);
        addresses[kept] = address;
        numbers[kept++] = first + index;
      }
      first += table.count;
    }
    const sort = highest < MAX_PACKED_ADDRESS && total < MAX_PACKED_COUNT ? sortPacked : sortPairs;
    [this.#addresses, this.#numbers] = sort(addresses.subarray(0, kept), numbers.subarray(0, kept));
  }

  get count(): number {
    return this.#addresses.length;
  }

  address(position: number): number {
    return this.#addresses[position] ?? 0;
  }

  reference(position: number): SymbolReference {
    let index = this.#numbers[position] ?? 0;
    for (const table of this.#tables) {
      if (index < table.count) return { table, index };
      index -= table.count;
    }
    throw new RangeError(`no symbol at ${position}`);
  }

  /** Position of the last symbol that starts at or before an address; -1 if all are behind it. */
  lastUpTo(address: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#addresses[middle] ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function sortPacked(addresses: Float64Array, numbers: Uint32Array): [Float64Array, Uint32Array] {
  const keys = addresses.map(
    (address, position) => address * MAX_PACKED_COUNT + (numbers[position] ?? 0),
  );
  keys.sort();
  return [
    keys.map((key) => Math.floor(key / MAX_PACKED_COUNT)),
    Uint32Array.from(keys, (key) => key % MAX_PACKED_COUNT),
  ];
}

function sortPairs(addresses: Float64Array, numbers: Uint32Array): [Float64Array, Uint32Array] {
  const order = Uint32Array.from(addresses.keys());
  order.sort((a, b) => (addresses[a] ?? 0) - (addresses[b] ?? 0) || a - b);
  return [
    Float64Array.from(order, (position) => addresses[position] ?? 0),
    Uint32Array.from(order, (position) => numbers[position] ?? 0),
  ];
}
