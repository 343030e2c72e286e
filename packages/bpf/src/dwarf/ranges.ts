/** Which addresses the code of a unit or function takes. */
import * as dw from './constants.ts';
import { Cursor } from './cursor.ts';
import type { Die } from './die.ts';
import { DwarfError } from './dwarf-error.ts';
import type { Unit } from './unit.ts';

export interface AddressRange {
  readonly start: number;
  /** The first address behind it. */
  readonly end: number;
}

const DW_RLE_end_of_list = 0;
const DW_RLE_base_addressx = 1;
const DW_RLE_startx_endx = 2;
const DW_RLE_startx_length = 3;
const DW_RLE_offset_pair = 4;
const DW_RLE_base_address = 5;
const DW_RLE_start_end = 6;
const DW_RLE_start_length = 7;

/** None for what has no code of its own. */
export function* rangesOf(die: Die): Generator<AddressRange> {
  const start = die.address(dw.DW_AT_low_pc);
  const high = die.value(dw.DW_AT_high_pc);
  if (start !== undefined && high !== undefined) {
    if (high.kind === 'address') yield { start, end: high.address };
    if (high.kind === 'constant') yield { start, end: start + Number(high.value) };
    return;
  }
  const list = die.value(dw.DW_AT_ranges);
  if (list === undefined) return;
  const offset = listOffset(list, die);
  if (die.unit.header.version < 5) yield* oldList(die.unit, offset);
  else yield* newList(die.unit, offset);
}

function listOffset(list: NonNullable<ReturnType<Die['value']>>, { unit }: Die): number {
  const { root } = unit.skeleton;
  switch (list.kind) {
    case 'index': {
      const { offsetBytes } = unit.header;
      const base = unit.root.sectionOffset(dw.DW_AT_rnglists_base) ?? (offsetBytes === 4 ? 12 : 20);
      const table = new Cursor(unit.sections.rnglists, base + list.index * offsetBytes);
      return base + table.unsigned(offsetBytes);
    }
    case 'offset':
      // Lists of a DWARF 4 split unit are in the program's file, from a base of their own.
      return unit === unit.skeleton
        ? list.offset
        : list.offset + (root.sectionOffset(dw.DW_AT_GNU_ranges_base) ?? 0);
    case 'constant':
      return Number(list.value);
    default:
      throw new DwarfError('dwarf: ranges that are no list');
  }
}

function* oldList(unit: Unit, offset: number): Generator<AddressRange> {
  const { addressBytes } = unit.header;
  const cursor = new Cursor(unit.skeleton.sections.ranges, offset);
  const newBase = addressBytes === 8 ? 2 ** 64 : 2 ** 32 - 1;
  let base = unit.baseAddress;
  for (;;) {
    const start = cursor.unsigned(addressBytes);
    const end = cursor.unsigned(addressBytes);
    if (start === 0 && end === 0) return;
    if (start >= newBase) base = end;
    else yield { start: base + start, end: base + end };
  }
}

function* newList(unit: Unit, offset: number): Generator<AddressRange> {
  const { addressBytes } = unit.header;
  const cursor = new Cursor(unit.sections.rnglists, offset);
  let base = unit.baseAddress;
  for (;;) {
    const kind = cursor.u8();
    switch (kind) {
      case DW_RLE_end_of_list:
        return;
      case DW_RLE_base_addressx:
        base = unit.addressAt(cursor.uleb());
        break;
      case DW_RLE_base_address:
        base = cursor.unsigned(addressBytes);
        break;
      case DW_RLE_startx_endx: {
        const start = unit.addressAt(cursor.uleb());
        yield { start, end: unit.addressAt(cursor.uleb()) };
        break;
      }
      case DW_RLE_startx_length: {
        const start = unit.addressAt(cursor.uleb());
        yield { start, end: start + cursor.uleb() };
        break;
      }
      case DW_RLE_offset_pair: {
        const start = base + cursor.uleb();
        yield { start, end: base + cursor.uleb() };
        break;
      }
      case DW_RLE_start_end: {
        const start = cursor.unsigned(addressBytes);
        yield { start, end: cursor.unsigned(addressBytes) };
        break;
      }
      case DW_RLE_start_length: {
        const start = cursor.unsigned(addressBytes);
        yield { start, end: start + cursor.uleb() };
        break;
      }
      default:
        throw new DwarfError(`dwarf: unknown range list entry ${kind}`);
    }
  }
}
