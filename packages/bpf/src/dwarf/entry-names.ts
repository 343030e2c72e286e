/**
 * Entries by name without an index: the bytes of the name lead to the units that mention it, and only those are read.
 * So a type in a program of a hundred megabytes is found by a few searches for bytes.
 */
import * as dw from './constants.ts';
import { Die } from './die.ts';
import { findBytes } from './find-bytes.ts';
import type { UnitSet } from './unit-set.ts';
import type { Unit } from './unit.ts';

/** Linkers share the ends of strings, so that a short name may be part of many; then all units are read. */
const MAX_STRINGS = 64;

const utf8 = new TextEncoder();

export class EntryNames {
  readonly #tags: ReadonlySet<number>;
  readonly #ofUnit = new Map<Unit, ReadonlyMap<string, readonly Die[]>>();

  /** @param tags which entries count: `DW_TAG_…` */
  constructor(tags: ReadonlySet<number>) {
    this.#tags = tags;
  }

  /** Definitions, not mere declarations. */
  inUnit(unit: Unit, name: string): readonly Die[] {
    let names = this.#ofUnit.get(unit);
    if (names === undefined) {
      names = this.#read(unit);
      this.#ofUnit.set(unit, names);
    }
    return names.get(name) ?? [];
  }

  *inSet(set: UnitSet, name: string): Generator<Die> {
    for (const unit of mentioning(set, name)) yield* this.inUnit(unit, name);
  }

  #read(unit: Unit): ReadonlyMap<string, readonly Die[]> {
    const names = new Map<string, Die[]>();
    const walk = unit.walk();
    while (walk.next()) {
      if (!this.#tags.has(walk.abbrev.tag)) continue;
      if (walk.abbrev.attributes.some((attribute) => attribute.name === dw.DW_AT_declaration)) {
        continue;
      }
      const value = walk.value(dw.DW_AT_name);
      if (value?.kind !== 'string') continue;
      const dies = names.get(value.text);
      if (dies === undefined) names.set(value.text, [new Die(unit, walk)]);
      else dies.push(new Die(unit, walk));
    }
    return names;
  }
}

/** Units that may have an entry of this name. */
function mentioning(set: UnitSet, name: string): Iterable<Unit> {
  const all = [...set.infoUnits, ...set.typeUnits];
  const { str, strOffsets, info, types } = set.sections;
  const text = utf8.encode(`${name}\0`);
  const strings = [...take(findBytes(str, text), MAX_STRINGS + 1)];
  if (strings.length > MAX_STRINGS) return all;
  const units = new Set<Unit>();
  const common = set.hasCommon ? set.common.sections.str : new Uint8Array();
  const commonStrings = [...take(findBytes(common, text), MAX_STRINGS + 1)];
  if (commonStrings.length > MAX_STRINGS) return all;
  const patterns = [text, ...[...strings, ...commonStrings].map(littleEndian)];
  for (const pattern of patterns) {
    for (const offset of findBytes(info, pattern)) {
      const unit = set.unitAt(offset);
      if (unit !== undefined) units.add(unit);
    }
    if (types.length > 0 && !findBytes(types, pattern).next().done) {
      for (const unit of set.typeUnits) units.add(unit);
    }
  }
  if (strOffsets.length > 0) addByIndex(all, strOffsets, strings, units);
  return units;
}

/** Units whose own part of the table of strings has one of these. */
function addByIndex(
  all: readonly Unit[],
  strOffsets: Uint8Array,
  strings: readonly number[],
  units: Set<Unit>,
): void {
  const byBase = new Map<number, Unit[]>();
  for (const unit of all) {
    const { strOffsetsBase } = unit;
    byBase.set(strOffsetsBase, [...(byBase.get(strOffsetsBase) ?? []), unit]);
  }
  const bases = [...byBase.keys()].toSorted((a, b) => a - b);
  for (const string of strings) {
    for (const at of findBytes(strOffsets, littleEndian(string))) {
      const base = bases.findLast((candidate) => candidate <= at);
      for (const unit of (base !== undefined && byBase.get(base)) || []) units.add(unit);
    }
  }
}

/** The low four bytes of an offset, which are its first ones in both formats. */
function littleEndian(offset: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, offset % 2 ** 32, true);
  return bytes;
}

function* take<Item>(items: Iterable<Item>, count: number): Generator<Item> {
  let taken = 0;
  for (const item of items) {
    if (taken++ === count) return;
    yield item;
  }
}
