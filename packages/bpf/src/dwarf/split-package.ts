/** A `.dwp` file: the split files of one program together, each unit's parts found by an index. */
import { Cursor } from './cursor.ts';
import { DwarfError } from './dwarf-error.ts';
import type { DwarfSections } from './sections.ts';

/** Section numbers of an index: those of DWARF 5, and those of GNU's form for DWARF 4, which is version 2. */
const numbered: Readonly<Record<number, readonly (keyof DwarfSections | undefined)[]>> = {
  2: [undefined, 'info', 'types', 'abbrev', 'line', 'loc', 'strOffsets'],
  5: [
    undefined,
    'info',
    undefined,
    'abbrev',
    'line',
    'loclists',
    'strOffsets',
    undefined,
    'rnglists',
  ],
};

/**
 * The sections of a package as one unit sees them; undefined if the package does not have it.
 * @param id the signature of a type, or what a skeleton and its split unit have in common
 * @throws DwarfError for a damaged index.
 */
export function packagedUnit(
  sections: DwarfSections,
  index: Uint8Array,
  id: bigint,
): DwarfSections | undefined {
  if (index.length === 0) return undefined;
  const cursor = new Cursor(index);
  // Four bytes in GNU's form; two bytes and padding since.
  const version = cursor.u32() & 0xffff;
  const keys = numbered[version];
  if (keys === undefined) throw new DwarfError(`dwarf: package index of version ${version}`);
  const columns = cursor.u32();
  const units = cursor.u32();
  const slots = cursor.u32();
  if (slots * 12 + (1 + 2 * units) * columns * 4 > index.length) {
    throw new DwarfError('dwarf: package index runs past the end');
  }
  const row = findRow(index, cursor.at, slots, id);
  if (row === undefined) return undefined;
  const columnsAt = cursor.at + slots * 12;
  const offsetsAt = columnsAt + columns * 4;
  const word = (at: number, column: number): number => new Cursor(index, at + column * 4).u32();
  const parts: Partial<Record<keyof DwarfSections, Uint8Array>> = {};
  for (let column = 0; column < columns; column++) {
    const key = keys[word(columnsAt, column)];
    if (key === undefined) continue;
    const start = word(offsetsAt + (row - 1) * columns * 4, column);
    const sizeBytes = word(offsetsAt + (units + row - 1) * columns * 4, column);
    parts[key] = sections[key].subarray(start, start + sizeBytes);
  }
  const none = new Uint8Array();
  return {
    info: parts.info ?? none,
    types: parts.types ?? none,
    abbrev: parts.abbrev ?? none,
    // All units share the strings.
    str: sections.str,
    lineStr: sections.lineStr,
    strOffsets: parts.strOffsets ?? none,
    addr: none,
    line: parts.line ?? none,
    ranges: none,
    rnglists: parts.rnglists ?? none,
    loc: parts.loc ?? none,
    loclists: parts.loclists ?? none,
    cuIndex: none,
    tuIndex: none,
  };
}

/** The number of a unit's row, from 1. The slots are a hash table, but few enough to look through. */
function findRow(
  index: Uint8Array,
  slotsAt: number,
  slots: number,
  id: bigint,
): number | undefined {
  const signatures = new Cursor(index, slotsAt);
  for (let slot = 0; slot < slots; slot++) {
    if (signatures.big64() !== id) continue;
    const row = new Cursor(index, slotsAt + slots * 8 + slot * 4).u32();
    if (row !== 0) return row;
  }
  return undefined;
}
