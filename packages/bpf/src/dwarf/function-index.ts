/** Functions by the address at which their code begins. */
import * as dw from './constants.ts';
import { Die } from './die.ts';
import { rangesOf, type AddressRange } from './ranges.ts';
import type { Unit } from './unit.ts';

interface UnitRange extends AddressRange {
  readonly unit: Unit;
}

interface FunctionRange extends AddressRange {
  readonly die: Die;
}

export class FunctionIndex {
  readonly #units: readonly Unit[];
  readonly #full: (unit: Unit) => Unit;
  readonly #ofUnit = new Map<Unit, ReadonlyMap<number, FunctionRange>>();
  #ranges: readonly UnitRange[] | undefined;

  /** @param full the unit that has the entries of a skeleton */
  constructor(units: readonly Unit[], full: (unit: Unit) => Unit) {
    this.#units = units;
    this.#full = full;
  }

  startingAt(address: number): Die | undefined {
    for (const unit of this.unitsAt(address)) {
      const found = this.#functionsOf(unit).get(address)?.die;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The function whose code an address is in. */
  containing(address: number): Die | undefined {
    for (const unit of this.unitsAt(address)) {
      for (const { die, start, end } of this.#functionsOf(unit).values()) {
        if (address >= start && address < end) return die;
      }
    }
    return undefined;
  }

  /** Only the first entry of each unit is read for this. */
  *unitsAt(address: number): Generator<Unit> {
    this.#ranges ??= this.#units
      .flatMap((unit) => Array.from(rangesOf(unit.root), (range) => ({ ...range, unit })))
      .toSorted((a, b) => a.start - b.start);
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ranges[middle]?.start ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    // Ranges of different units rarely overlap, and where they do they begin close together.
    for (let index = low - 1; index >= Math.max(0, low - OVERLAPPING); index--) {
      const range = this.#ranges[index];
      if (range !== undefined && address < range.end) yield range.unit;
    }
  }

  #functionsOf(unit: Unit): ReadonlyMap<number, FunctionRange> {
    const known = this.#ofUnit.get(unit);
    if (known !== undefined) return known;
    const functions = new Map<number, FunctionRange>();
    const full = this.#full(unit);
    const walk = full.walk();
    while (walk.next()) {
      if (walk.abbrev.tag !== dw.DW_TAG_subprogram) continue;
      if (!walk.abbrev.attributes.some(({ name }) => placing.has(name))) continue;
      const die = new Die(full, walk);
      for (const range of rangesOf(die)) {
        if (!functions.has(range.start)) functions.set(range.start, { ...range, die });
      }
    }
    this.#ofUnit.set(unit, functions);
    return functions;
  }
}

const OVERLAPPING = 16;
const placing: ReadonlySet<number> = new Set([dw.DW_AT_low_pc, dw.DW_AT_ranges]);
