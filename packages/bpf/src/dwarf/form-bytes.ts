/** How long an attribute is in its form, so that it can be stepped over. */
import * as dw from './constants.ts';
import type { Cursor } from './cursor.ts';
import { DwarfError } from './dwarf-error.ts';

/** What the length of a form depends on beside the form. */
export interface Encoding {
  readonly version: number;
  readonly addressBytes: number;
  /** 4 or 8: whether the unit is in the 32-bit or the 64-bit format. */
  readonly offsetBytes: 4 | 8;
}

const fixed: ReadonlyMap<number, number> = new Map([
  [dw.DW_FORM_data1, 1],
  [dw.DW_FORM_data2, 2],
  [dw.DW_FORM_data4, 4],
  [dw.DW_FORM_data8, 8],
  [dw.DW_FORM_data16, 16],
  [dw.DW_FORM_flag, 1],
  [dw.DW_FORM_flag_present, 0],
  [dw.DW_FORM_implicit_const, 0],
  [dw.DW_FORM_ref1, 1],
  [dw.DW_FORM_ref2, 2],
  [dw.DW_FORM_ref4, 4],
  [dw.DW_FORM_ref8, 8],
  [dw.DW_FORM_ref_sig8, 8],
  [dw.DW_FORM_ref_sup4, 4],
  [dw.DW_FORM_ref_sup8, 8],
  [dw.DW_FORM_strx1, 1],
  [dw.DW_FORM_strx2, 2],
  [dw.DW_FORM_strx3, 3],
  [dw.DW_FORM_strx4, 4],
  [dw.DW_FORM_addrx1, 1],
  [dw.DW_FORM_addrx2, 2],
  [dw.DW_FORM_addrx3, 3],
  [dw.DW_FORM_addrx4, 4],
]);

/** Undefined for a form of variable length. */
export function formBytes(form: number, encoding: Encoding): number | undefined {
  switch (form) {
    case dw.DW_FORM_addr:
      return encoding.addressBytes;
    case dw.DW_FORM_ref_addr:
      // It was as long as an address before there was a 64-bit format.
      return encoding.version === 2 ? encoding.addressBytes : encoding.offsetBytes;
    case dw.DW_FORM_strp:
    case dw.DW_FORM_line_strp:
    case dw.DW_FORM_sec_offset:
    case dw.DW_FORM_strp_sup:
    case dw.DW_FORM_GNU_ref_alt:
    case dw.DW_FORM_GNU_strp_alt:
      return encoding.offsetBytes;
    default:
      return fixed.get(form);
  }
}

/** @throws DwarfError for a form that is not known. */
export function skipForm(cursor: Cursor, form: number, encoding: Encoding): void {
  const bytes = formBytes(form, encoding);
  if (bytes !== undefined) return cursor.skip(bytes);
  switch (form) {
    case dw.DW_FORM_string:
      return cursor.skipString();
    case dw.DW_FORM_block1:
      return cursor.skip(cursor.u8());
    case dw.DW_FORM_block2:
      return cursor.skip(cursor.u16());
    case dw.DW_FORM_block4:
      return cursor.skip(cursor.u32());
    case dw.DW_FORM_block:
    case dw.DW_FORM_exprloc:
      return cursor.skip(cursor.uleb());
    case dw.DW_FORM_sdata:
    case dw.DW_FORM_udata:
    case dw.DW_FORM_ref_udata:
    case dw.DW_FORM_strx:
    case dw.DW_FORM_addrx:
    case dw.DW_FORM_loclistx:
    case dw.DW_FORM_rnglistx:
    case dw.DW_FORM_GNU_addr_index:
    case dw.DW_FORM_GNU_str_index:
      return cursor.skipLeb();
    case dw.DW_FORM_indirect: {
      const inner = cursor.uleb();
      if (inner === dw.DW_FORM_indirect) throw new DwarfError('dwarf: form within a form');
      return skipForm(cursor, inner, encoding);
    }
    default:
      throw new DwarfError(`dwarf: unknown form 0x${form.toString(16)}`);
  }
}
