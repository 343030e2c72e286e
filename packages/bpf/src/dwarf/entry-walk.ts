/** Steps through the entries of a unit in the order they are written, which is depth first. */
import type { Abbrev } from './abbrevs.ts';
import * as dw from './constants.ts';
import { Cursor } from './cursor.ts';
import { skipForm } from './form-bytes.ts';
import { readForm, type FormValue } from './form-value.ts';
import type { Unit } from './unit.ts';

const NO_ABBREV: Abbrev = { tag: 0, hasChildren: false, attributes: [], fixedBytes: 0 };

export class EntryWalk {
  /** Of the current entry: how many entries it is inside of, counted from where the walk began. */
  depth = 0;
  offset = 0;
  attributesAt = 0;
  abbrev: Abbrev = NO_ABBREV;
  readonly #unit: Unit;
  readonly #cursor: Cursor;
  #nextDepth = 0;

  constructor(unit: Unit, at: number) {
    this.#unit = unit;
    this.#cursor = new Cursor(unit.section, at, unit.header.end);
  }

  /** False at the end of the unit, or of the siblings among which the walk began. */
  next(): boolean {
    const cursor = this.#cursor;
    while (!cursor.done) {
      const offset = cursor.at;
      const code = cursor.uleb();
      if (code === 0) {
        this.#nextDepth--;
        if (this.#nextDepth < 0) return false;
        continue;
      }
      const abbrev = this.#unit.abbrev(code);
      this.offset = offset;
      this.abbrev = abbrev;
      this.attributesAt = cursor.at;
      this.depth = this.#nextDepth;
      if (abbrev.fixedBytes === undefined) {
        for (const { form } of abbrev.attributes) skipForm(cursor, form, this.#unit.header);
      } else {
        cursor.skip(abbrev.fixedBytes);
      }
      if (abbrev.hasChildren) this.#nextDepth++;
      return true;
    }
    return false;
  }

  /** Goes on behind the entries inside the current one. */
  skipChildren(): void {
    if (!this.abbrev.hasChildren) return;
    const { depth } = this;
    const sibling = this.#sibling();
    if (sibling !== undefined && sibling > this.#cursor.at && sibling <= this.#cursor.end) {
      this.#cursor.at = sibling;
      this.#nextDepth = depth;
      return;
    }
    const cursor = this.#cursor;
    let open = 1;
    while (open > 0 && !cursor.done) {
      const code = cursor.uleb();
      if (code === 0) {
        open--;
        continue;
      }
      const { attributes, fixedBytes, hasChildren } = this.#unit.abbrev(code);
      if (fixedBytes === undefined) {
        for (const { form } of attributes) skipForm(cursor, form, this.#unit.header);
      } else {
        cursor.skip(fixedBytes);
      }
      if (hasChildren) open++;
    }
    this.#nextDepth = depth;
  }

  /** An attribute of the current entry. */
  value(name: number): FormValue | undefined {
    return readAttribute(this.#unit, this.abbrev, this.attributesAt, name);
  }

  #sibling(): number | undefined {
    const value = this.value(dw.DW_AT_sibling);
    return value?.kind === 'entry' ? value.offset : undefined;
  }
}

/** The value of one attribute of the entry whose attributes begin at a place. */
export function readAttribute(
  unit: Unit,
  abbrev: Abbrev,
  attributesAt: number,
  name: number,
): FormValue | undefined {
  if (!abbrev.attributes.some((attribute) => attribute.name === name)) return undefined;
  const cursor = new Cursor(unit.section, attributesAt, unit.header.end);
  for (const attribute of abbrev.attributes) {
    if (attribute.name === name) return readForm(cursor, attribute, unit);
    skipForm(cursor, attribute.form, unit.header);
  }
  return undefined;
}
