/** Headers of units: what one compiler run, or one type, left in `.debug_info` or `.debug_types`. */
import * as dw from './constants.ts';
import { Cursor } from './cursor.ts';
import { DwarfError } from './dwarf-error.ts';
import type { Encoding } from './form-bytes.ts';

export interface UnitHeader extends Encoding {
  readonly kind: 'compile' | 'type' | 'skeleton';
  /** Of the header in its section. */
  readonly offset: number;
  /** Of the first entry. */
  readonly entriesAt: number;
  readonly end: number;
  readonly abbrevOffset: number;
  /** Of a type unit: what refers to it, and where in the unit (from its header) the type is. */
  readonly signature?: bigint;
  readonly typeOffset?: number;
  /** Of a skeleton and its split unit: what they have in common. */
  readonly dwoId?: bigint;
}

/**
 * All headers of a section in order. A unit of a version that is not known is stepped over.
 * @throws DwarfError for a unit that runs past the end.
 */
export function* readUnitHeaders(section: Uint8Array, isTypes: boolean): Generator<UnitHeader> {
  for (let at = 0; at < section.length;) {
    const cursor = new Cursor(section, at);
    const { end, offsetBytes } = readInitialLength(cursor);
    if (end > section.length) throw new DwarfError(`dwarf: unit at ${at} runs past the end`);
    const header = readHeader(new Cursor(section, cursor.at, end), at, offsetBytes, isTypes);
    if (header !== undefined) yield header;
    at = end;
  }
}

/** A length that is followed by as many bytes, and says in which format they are. */
export function readInitialLength(cursor: Cursor): { end: number; offsetBytes: 4 | 8 } {
  const length = cursor.u32();
  if (length < 0xffff_fff0) return { end: cursor.at + length, offsetBytes: 4 };
  if (length !== 0xffff_ffff) throw new DwarfError('dwarf: reserved length');
  const long = cursor.u64();
  return { end: cursor.at + long, offsetBytes: 8 };
}

function readHeader(
  cursor: Cursor,
  offset: number,
  offsetBytes: 4 | 8,
  isTypes: boolean,
): UnitHeader | undefined {
  const version = cursor.u16();
  if (version < 2 || version > 5) return undefined;
  const unitType = version < 5 ? (isTypes ? dw.DW_UT_type : 1) : cursor.u8();
  let addressBytes = version < 5 ? 0 : cursor.u8();
  const abbrevOffset = cursor.unsigned(offsetBytes);
  if (version < 5) addressBytes = cursor.u8();
  if (addressBytes !== 4 && addressBytes !== 8) {
    throw new DwarfError(`dwarf: addresses of ${addressBytes} bytes`);
  }
  const common = { offset, end: cursor.end, version, addressBytes, offsetBytes, abbrevOffset };
  switch (unitType) {
    case dw.DW_UT_type:
    case dw.DW_UT_split_type: {
      const signature = cursor.big64();
      const typeOffset = cursor.unsigned(offsetBytes);
      return { ...common, kind: 'type', signature, typeOffset, entriesAt: cursor.at };
    }
    case dw.DW_UT_skeleton:
    case dw.DW_UT_split_compile: {
      const dwoId = cursor.big64();
      const kind = unitType === dw.DW_UT_skeleton ? 'skeleton' : 'compile';
      return { ...common, kind, dwoId, entriesAt: cursor.at };
    }
    default:
      return { ...common, kind: 'compile', entriesAt: cursor.at };
  }
}
