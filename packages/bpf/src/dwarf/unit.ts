/** One unit: its entries, and the tables that the forms of its attributes refer to. */
import { AbbrevTable, type Abbrev } from './abbrevs.ts';
import * as dw from './constants.ts';
import { Cursor, stringAt } from './cursor.ts';
import { Die } from './die.ts';
import { DwarfError } from './dwarf-error.ts';
import { EntryWalk } from './entry-walk.ts';
import type { DwarfSections } from './sections.ts';
import type { UnitHeader } from './unit-header.ts';
import type { UnitSet } from './unit-set.ts';

let units = 0;

export class Unit {
  /** Tells it from all other units. */
  readonly serial: number = units++;
  readonly set: UnitSet;
  readonly header: UnitHeader;
  readonly sections: DwarfSections;
  /** The section the unit is in: `.debug_info` or `.debug_types`. */
  readonly section: Uint8Array;
  /** Of a split unit: the unit in the program's file, which has its addresses. */
  readonly #skeleton: Unit | undefined;
  readonly #abbrevs: AbbrevTable;
  #root: Die | undefined;
  #strOffsetsBase: number | undefined;

  constructor(set: UnitSet, header: UnitHeader, section: Uint8Array, skeleton?: Unit) {
    this.set = set;
    this.header = header;
    this.sections = set.sections;
    this.section = section;
    this.#skeleton = skeleton;
    this.#abbrevs = new AbbrevTable(set.sections.abbrev, header.abbrevOffset, header);
  }

  /** The entry of the compilation, or of the type unit, that all others are in. */
  get root(): Die {
    this.#root ??= this.dieAt(this.header.entriesAt);
    return this.#root;
  }

  /** The name of the split file, in a skeleton. */
  get splitName(): string | undefined {
    return this.root.text(dw.DW_AT_dwo_name) ?? this.root.text(dw.DW_AT_GNU_dwo_name);
  }

  /** What a skeleton and its split unit have in common. */
  get dwoId(): bigint | undefined {
    return this.header.dwoId ?? this.root.constant(dw.DW_AT_GNU_dwo_id);
  }

  /** Where the addresses of its lists count from. */
  get baseAddress(): number {
    return (this.#skeleton ?? this).root.address(dw.DW_AT_low_pc) ?? 0;
  }

  /** The unit that has the line table and the address ranges. */
  get skeleton(): Unit {
    return this.#skeleton ?? this;
  }

  abbrev(code: number): Abbrev {
    return this.#abbrevs.find(code);
  }

  /** @throws DwarfError where no entry can begin. */
  dieAt(offset: number): Die {
    const walk = new EntryWalk(this, offset);
    const { entriesAt, end } = this.header;
    if (offset < entriesAt || offset >= end || !walk.next() || walk.offset !== offset) {
      throw new DwarfError(`dwarf: no entry at ${offset}`);
    }
    return new Die(this, walk);
  }

  /** All entries, from the first. */
  walk(): EntryWalk {
    return new EntryWalk(this, this.header.entriesAt);
  }

  addressAt(index: number): number {
    const { addressBytes } = this.header;
    const owner = this.skeleton;
    const base =
      owner.root.sectionOffset(dw.DW_AT_addr_base) ??
      owner.root.sectionOffset(dw.DW_AT_GNU_addr_base) ??
      0;
    return new Cursor(owner.sections.addr, base + index * addressBytes).unsigned(addressBytes);
  }

  /** A function of its own, for readers of forms take it along. */
  readonly stringIndex = (index: number): string => {
    const { offsetBytes } = this.header;
    const at = this.strOffsetsBase + index * offsetBytes;
    const offset = new Cursor(this.sections.strOffsets, at).unsigned(offsetBytes);
    return stringAt(this.sections.str, offset);
  };

  /** A split file has one table without an attribute that says so, behind a header since DWARF 5. */
  get strOffsetsBase(): number {
    if (this.#strOffsetsBase === undefined) {
      const { version, offsetBytes } = this.header;
      const headerBytes = version < 5 ? 0 : offsetBytes === 4 ? 8 : 16;
      this.#strOffsetsBase = this.root.sectionOffset(dw.DW_AT_str_offsets_base) ?? headerBytes;
    }
    return this.#strOffsetsBase;
  }
}
