/** The units that share one set of sections: those of a program's file, of one split file, or of what `dwz` moved away. */
import type { Die } from './die.ts';
import { DwarfError } from './dwarf-error.ts';
import type { DwarfSections } from './sections.ts';
import { readUnitHeaders } from './unit-header.ts';
import { Unit } from './unit.ts';

/** What units refer to that is not in their own file. */
export interface UnitSurroundings {
  /** Of split units: the unit in the program's file. */
  readonly skeleton?: Unit;
  /** Finds types by signature that are in none of these units. */
  readonly outside?: (signature: bigint) => Die | undefined;
  /** The parts that several files have in common, which `dwz` moved to one of their own. */
  readonly common?: () => UnitSet | undefined;
}

export class UnitSet {
  readonly sections: DwarfSections;
  readonly #surroundings: UnitSurroundings;
  #infoUnits: readonly Unit[] | undefined;
  #typeUnits: readonly Unit[] | undefined;
  #bySignature: ReadonlyMap<bigint, Unit> | undefined;

  constructor(sections: DwarfSections, surroundings: UnitSurroundings = {}) {
    this.sections = sections;
    this.#surroundings = surroundings;
  }

  /** @throws DwarfError where the file of common parts is needed and is not there. */
  get common(): UnitSet {
    const common = this.#surroundings.common?.();
    if (common === undefined) throw new DwarfError('dwarf: the file with common parts is missing');
    return common;
  }

  get hasCommon(): boolean {
    return this.#surroundings.common?.() !== undefined;
  }

  /** In the order of `.debug_info`; type units among them. */
  get infoUnits(): readonly Unit[] {
    this.#infoUnits ??= this.#read(this.sections.info, false);
    return this.#infoUnits;
  }

  get compileUnits(): readonly Unit[] {
    return this.infoUnits.filter(({ header }) => header.kind !== 'type');
  }

  get typeUnits(): readonly Unit[] {
    this.#typeUnits ??= [
      ...this.infoUnits.filter(({ header }) => header.kind === 'type'),
      ...this.#read(this.sections.types, true),
    ];
    return this.#typeUnits;
  }

  /** The unit of `.debug_info` in which an offset lies. */
  unitAt(offset: number): Unit | undefined {
    const units = this.infoUnits;
    let low = 0;
    let high = units.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((units[middle]?.header.offset ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const unit = units[low - 1];
    return unit !== undefined && offset < unit.header.end ? unit : undefined;
  }

  /**
   * @param from the unit whose attribute has the offset
   * @throws DwarfError where there is no entry.
   */
  dieAt(offset: number, from: Unit): Die {
    const { header } = from;
    const inside = offset >= header.offset && offset < header.end;
    return inside ? from.dieAt(offset) : this.entryAt(offset);
  }

  /** @throws DwarfError where there is no entry. */
  entryAt(offset: number): Die {
    const unit = this.unitAt(offset);
    if (unit === undefined) throw new DwarfError(`dwarf: no unit at ${offset}`);
    return unit.dieAt(offset);
  }

  typeBySignature(signature: bigint): Die | undefined {
    this.#bySignature ??= new Map(
      this.typeUnits.map((unit) => [unit.header.signature ?? 0n, unit]),
    );
    const unit = this.#bySignature.get(signature);
    if (unit === undefined) return this.#surroundings.outside?.(signature);
    return unit.dieAt(unit.header.offset + (unit.header.typeOffset ?? 0));
  }

  #read(section: Uint8Array, isTypes: boolean): readonly Unit[] {
    return Array.from(
      readUnitHeaders(section, isTypes),
      (header) => new Unit(this, header, section, this.#surroundings.skeleton),
    );
  }
}
