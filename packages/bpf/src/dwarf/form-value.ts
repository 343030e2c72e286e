/** Attributes as values: what is written in a form, with indices and offsets of strings already followed. */
import type { AbbrevAttribute } from './abbrevs.ts';
import * as dw from './constants.ts';
import { stringAt, type Cursor } from './cursor.ts';
import { DwarfError } from './dwarf-error.ts';
import type { Encoding } from './form-bytes.ts';
import type { Unit } from './unit.ts';

export type FormValue =
  | { readonly kind: 'address'; readonly address: number }
  /** Signed where the form is; else up to 64 bits without a sign. */
  | { readonly kind: 'constant'; readonly value: bigint }
  | { readonly kind: 'flag'; readonly set: boolean }
  | { readonly kind: 'string'; readonly text: string }
  /** A block of bytes, or an expression. */
  | { readonly kind: 'block'; readonly bytes: Uint8Array }
  /** A place in the section that the attribute is about. */
  | { readonly kind: 'offset'; readonly offset: number }
  /** An entry of the unit's table of range lists or location lists. */
  | { readonly kind: 'index'; readonly index: number }
  /** An entry in the same section. */
  | { readonly kind: 'entry'; readonly offset: number }
  /** An entry in the file of common parts. */
  | { readonly kind: 'common-entry'; readonly offset: number }
  | { readonly kind: 'signature'; readonly signature: bigint };

/**
 * @param encoding that of the table, where it is not the unit's
 * @throws DwarfError also for text in the file that `dwz` moved common parts to, if that is not there.
 */
export function readForm(
  cursor: Cursor,
  { form, implicit }: Pick<AbbrevAttribute, 'form' | 'implicit'>,
  unit: Unit,
  encoding: Encoding = unit.header,
): FormValue {
  switch (form) {
    case dw.DW_FORM_addr:
      return { kind: 'address', address: cursor.unsigned(encoding.addressBytes) };
    case dw.DW_FORM_addrx:
    case dw.DW_FORM_GNU_addr_index:
      return { kind: 'address', address: unit.addressAt(cursor.uleb()) };
    case dw.DW_FORM_addrx1:
    case dw.DW_FORM_addrx2:
    case dw.DW_FORM_addrx3:
    case dw.DW_FORM_addrx4:
      return {
        kind: 'address',
        address: unit.addressAt(cursor.unsigned(form - dw.DW_FORM_addrx1 + 1)),
      };
    case dw.DW_FORM_data1:
      return { kind: 'constant', value: BigInt(cursor.u8()) };
    case dw.DW_FORM_data2:
      return { kind: 'constant', value: BigInt(cursor.u16()) };
    case dw.DW_FORM_data4:
      return { kind: 'constant', value: BigInt(cursor.u32()) };
    case dw.DW_FORM_data8:
      return { kind: 'constant', value: cursor.big64() };
    case dw.DW_FORM_udata:
      return { kind: 'constant', value: cursor.bigUleb() };
    case dw.DW_FORM_sdata:
      return { kind: 'constant', value: cursor.bigSleb() };
    case dw.DW_FORM_implicit_const:
      return { kind: 'constant', value: implicit };
    case dw.DW_FORM_flag:
      return { kind: 'flag', set: cursor.u8() !== 0 };
    case dw.DW_FORM_flag_present:
      return { kind: 'flag', set: true };
    case dw.DW_FORM_string:
    case dw.DW_FORM_strp:
    case dw.DW_FORM_line_strp:
    case dw.DW_FORM_strx:
    case dw.DW_FORM_GNU_str_index:
    case dw.DW_FORM_strx1:
    case dw.DW_FORM_strx2:
    case dw.DW_FORM_strx3:
    case dw.DW_FORM_strx4:
    case dw.DW_FORM_GNU_strp_alt:
    case dw.DW_FORM_strp_sup:
      return { kind: 'string', text: readString(cursor, form, unit, encoding) };
    case dw.DW_FORM_block1:
      return { kind: 'block', bytes: cursor.slice(cursor.u8()) };
    case dw.DW_FORM_block2:
      return { kind: 'block', bytes: cursor.slice(cursor.u16()) };
    case dw.DW_FORM_block4:
      return { kind: 'block', bytes: cursor.slice(cursor.u32()) };
    case dw.DW_FORM_block:
    case dw.DW_FORM_exprloc:
      return { kind: 'block', bytes: cursor.slice(cursor.uleb()) };
    case dw.DW_FORM_data16:
      return { kind: 'block', bytes: cursor.slice(16) };
    case dw.DW_FORM_sec_offset:
      return { kind: 'offset', offset: cursor.unsigned(encoding.offsetBytes) };
    case dw.DW_FORM_loclistx:
    case dw.DW_FORM_rnglistx:
      return { kind: 'index', index: cursor.uleb() };
    case dw.DW_FORM_ref1:
      return { kind: 'entry', offset: unit.header.offset + cursor.u8() };
    case dw.DW_FORM_ref2:
      return { kind: 'entry', offset: unit.header.offset + cursor.u16() };
    case dw.DW_FORM_ref4:
      return { kind: 'entry', offset: unit.header.offset + cursor.u32() };
    case dw.DW_FORM_ref8:
      return { kind: 'entry', offset: unit.header.offset + cursor.u64() };
    case dw.DW_FORM_ref_udata:
      return { kind: 'entry', offset: unit.header.offset + cursor.uleb() };
    case dw.DW_FORM_ref_addr: {
      const bytes = encoding.version === 2 ? encoding.addressBytes : encoding.offsetBytes;
      return { kind: 'entry', offset: cursor.unsigned(bytes) };
    }
    case dw.DW_FORM_ref_sig8:
      return { kind: 'signature', signature: cursor.big64() };
    case dw.DW_FORM_GNU_ref_alt:
      return { kind: 'common-entry', offset: cursor.unsigned(encoding.offsetBytes) };
    case dw.DW_FORM_ref_sup4:
      return { kind: 'common-entry', offset: cursor.u32() };
    case dw.DW_FORM_ref_sup8:
      return { kind: 'common-entry', offset: cursor.u64() };
    case dw.DW_FORM_indirect: {
      const inner = cursor.uleb();
      if (inner === dw.DW_FORM_indirect || inner === dw.DW_FORM_implicit_const) {
        throw new DwarfError('dwarf: form within a form');
      }
      return readForm(cursor, { form: inner, implicit }, unit, encoding);
    }
    default:
      throw new DwarfError(`dwarf: unknown form 0x${form.toString(16)}`);
  }
}

function readString(
  cursor: Cursor,
  form: number,
  { sections, set, stringIndex }: Unit,
  encoding: Encoding,
): string {
  switch (form) {
    case dw.DW_FORM_string:
      return cursor.string();
    case dw.DW_FORM_strp:
      return stringAt(sections.str, cursor.unsigned(encoding.offsetBytes));
    case dw.DW_FORM_line_strp:
      return stringAt(sections.lineStr, cursor.unsigned(encoding.offsetBytes));
    case dw.DW_FORM_GNU_strp_alt:
    case dw.DW_FORM_strp_sup:
      return stringAt(set.common.sections.str, cursor.unsigned(encoding.offsetBytes));
    case dw.DW_FORM_strx:
    case dw.DW_FORM_GNU_str_index:
      return stringIndex(cursor.uleb());
    default:
      return stringIndex(cursor.unsigned(form - dw.DW_FORM_strx1 + 1));
  }
}
