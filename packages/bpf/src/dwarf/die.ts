/** An entry of debug information: a function, a type, a variable … with its attributes. */
import type { Abbrev } from './abbrevs.ts';
import * as dw from './constants.ts';
import { EntryWalk, readAttribute } from './entry-walk.ts';
import type { FormValue } from './form-value.ts';
import type { Unit } from './unit.ts';

/** Longer chains of entries that complete one another mean a loop. */
const MAX_ORIGINS = 8;

export class Die {
  readonly unit: Unit;
  /** In the unit's section. */
  readonly offset: number;
  readonly #abbrev: Abbrev;
  readonly #attributesAt: number;

  constructor(unit: Unit, at: Pick<EntryWalk, 'offset' | 'abbrev' | 'attributesAt'>) {
    this.unit = unit;
    this.offset = at.offset;
    this.#abbrev = at.abbrev;
    this.#attributesAt = at.attributesAt;
  }

  /** The same for every object that stands for this entry. */
  get key(): string {
    return `${this.unit.serial}:${this.offset}`;
  }

  /** `DW_TAG_…` */
  get tag(): number {
    return this.#abbrev.tag;
  }

  value(name: number): FormValue | undefined {
    return readAttribute(this.unit, this.#abbrev, this.#attributesAt, name);
  }

  has(name: number): boolean {
    return this.#abbrev.attributes.some((attribute) => attribute.name === name);
  }

  text(name: number): string | undefined {
    const value = this.value(name);
    return value?.kind === 'string' ? value.text : undefined;
  }

  flag(name: number): boolean {
    const value = this.value(name);
    return value?.kind === 'flag' && value.set;
  }

  constant(name: number): bigint | undefined {
    const value = this.value(name);
    return value?.kind === 'constant' ? value.value : undefined;
  }

  /** A constant that counts something: never below 0. */
  count(name: number): number | undefined {
    const value = this.constant(name);
    return value === undefined || value < 0n ? undefined : Number(value);
  }

  address(name: number): number | undefined {
    const value = this.value(name);
    return value?.kind === 'address' ? value.address : undefined;
  }

  /** A place in another section; before DWARF 4 such were plain constants. */
  sectionOffset(name: number): number | undefined {
    const value = this.value(name);
    if (value?.kind === 'offset') return value.offset;
    return value?.kind === 'constant' ? Number(value.value) : undefined;
  }

  /** @throws DwarfError for an attribute that leads nowhere. */
  reference(name: number): Die | undefined {
    const value = this.value(name);
    switch (value?.kind) {
      case 'entry':
        return this.unit.set.dieAt(value.offset, this.unit);
      case 'common-entry':
        return this.unit.set.common.entryAt(value.offset);
      case 'signature':
        return this.unit.set.typeBySignature(value.signature);
      default:
        return undefined;
    }
  }

  /** This entry, then those it completes: an instance of an inlined function, a definition apart from its declaration. */
  *origins(): Generator<Die> {
    yield this;
    let die = this.#completes();
    for (let count = 1; die !== undefined && count < MAX_ORIGINS; count++) {
      yield die;
      die = die.#completes();
    }
  }

  #completes(): Die | undefined {
    return this.reference(dw.DW_AT_abstract_origin) ?? this.reference(dw.DW_AT_specification);
  }

  /** The first of the entries this completes that says something. */
  among<Found>(find: (die: Die) => Found | undefined): Found | undefined {
    for (const die of this.origins()) {
      const found = find(die);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  get name(): string | undefined {
    return this.among((die) => die.text(dw.DW_AT_name));
  }

  get linkageName(): string | undefined {
    return this.among(
      (die) => die.text(dw.DW_AT_linkage_name) ?? die.text(dw.DW_AT_MIPS_linkage_name),
    );
  }

  /** The type of a variable, member, pointer …; undefined for `void`. */
  get type(): Die | undefined {
    return this.among((die) => die.reference(dw.DW_AT_type));
  }

  /** The entries directly inside. */
  *children(): Generator<Die> {
    if (!this.#abbrev.hasChildren) return;
    const walk = new EntryWalk(this.unit, this.offset);
    walk.next();
    while (walk.next()) {
      if (walk.depth === 0) return;
      yield new Die(this.unit, walk);
      walk.skipChildren();
    }
  }
}
