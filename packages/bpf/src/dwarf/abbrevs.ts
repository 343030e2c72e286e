/** Abbreviations: which attributes, in which forms, the entries of a unit have. */
import { Cursor } from './cursor.ts';
import { DW_FORM_implicit_const } from './constants.ts';
import { DwarfError } from './dwarf-error.ts';
import { formBytes, type Encoding } from './form-bytes.ts';

export interface Abbrev {
  readonly tag: number;
  readonly hasChildren: boolean;
  readonly attributes: readonly AbbrevAttribute[];
  /** Bytes of all attributes together, where no form is of variable length. */
  readonly fixedBytes: number | undefined;
}

export interface AbbrevAttribute {
  /** `DW_AT_…` */
  readonly name: number;
  /** `DW_FORM_…` */
  readonly form: number;
  /** The value itself, for `DW_FORM_implicit_const`. */
  readonly implicit: bigint;
}

/** Read as far as it was asked for: of most units only the first entry matters. */
export class AbbrevTable {
  readonly #cursor: Cursor;
  readonly #encoding: Encoding;
  readonly #byCode = new Map<number, Abbrev>();
  #complete = false;

  constructor(section: Uint8Array, offset: number, encoding: Encoding) {
    this.#cursor = new Cursor(section, offset);
    this.#encoding = encoding;
  }

  /** @throws DwarfError for a code that the table does not have. */
  find(code: number): Abbrev {
    for (;;) {
      const found = this.#byCode.get(code);
      if (found !== undefined) return found;
      if (this.#complete) throw new DwarfError(`dwarf: no abbreviation ${code}`);
      this.#readNext();
    }
  }

  #readNext(): void {
    const cursor = this.#cursor;
    const code = cursor.done ? 0 : cursor.uleb();
    if (code === 0) {
      this.#complete = true;
      return;
    }
    const tag = cursor.uleb();
    const hasChildren = cursor.u8() !== 0;
    const attributes: AbbrevAttribute[] = [];
    let fixedBytes: number | undefined = 0;
    for (;;) {
      const name = cursor.uleb();
      const form = cursor.uleb();
      const implicit = form === DW_FORM_implicit_const ? cursor.bigSleb() : 0n;
      if (name === 0 && form === 0) break;
      attributes.push({ name, form, implicit });
      const bytes = formBytes(form, this.#encoding);
      fixedBytes = fixedBytes === undefined || bytes === undefined ? undefined : fixedBytes + bytes;
    }
    if (!this.#byCode.has(code)) {
      this.#byCode.set(code, { tag, hasChildren, attributes, fixedBytes });
    }
  }
}
