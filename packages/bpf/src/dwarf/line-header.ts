/** Headers of line tables: the files that a unit was made of. */
import * as dw from './constants.ts';
import { Cursor } from './cursor.ts';
import { DwarfError } from './dwarf-error.ts';
import type { Encoding } from './form-bytes.ts';
import { readForm } from './form-value.ts';
import type { Unit } from './unit.ts';
import { readInitialLength } from './unit-header.ts';

export interface LineHeader {
  readonly version: number;
  readonly minInstructionBytes: number;
  readonly maxOperations: number;
  readonly defaultIsStatement: boolean;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  /** Operands of each standard opcode, from opcode 1. */
  readonly operandCounts: readonly number[];
  /** Paths by the number that rows have, as the compiler saw them. */
  readonly files: ReadonlyMap<number, string>;
  readonly programAt: number;
  readonly end: number;
}

const DW_LNCT_path = 1;
const DW_LNCT_directory_index = 2;

/** Undefined for a unit without a line table. */
export function readLineHeader(unit: Unit): LineHeader | undefined {
  const offset = unit.root.sectionOffset(dw.DW_AT_stmt_list);
  if (offset === undefined) return undefined;
  const start = new Cursor(unit.sections.line, offset);
  const { end, offsetBytes } = readInitialLength(start);
  const cursor = new Cursor(unit.sections.line, start.at, end);
  const version = cursor.u16();
  if (version < 2 || version > 5) throw new DwarfError(`dwarf: line table of version ${version}`);
  const addressBytes = version === 5 ? cursor.u8() : unit.header.addressBytes;
  if (version === 5) cursor.skip(1);
  const encoding = { version, addressBytes, offsetBytes };
  const headerBytes = cursor.unsigned(offsetBytes);
  const programAt = cursor.at + headerBytes;
  const minInstructionBytes = cursor.u8();
  const maxOperations = version >= 4 ? cursor.u8() : 1;
  const defaultIsStatement = cursor.u8() !== 0;
  const lineBase = cursor.i8();
  const lineRange = cursor.u8();
  const opcodeBase = cursor.u8();
  if (lineRange === 0 || opcodeBase === 0) throw new DwarfError('dwarf: line table without range');
  const operandCounts = Array.from({ length: opcodeBase - 1 }, () => cursor.u8());
  const files = version === 5 ? readFiles(cursor, unit, encoding) : readOldFiles(cursor, unit);
  return {
    version,
    minInstructionBytes,
    maxOperations,
    defaultIsStatement,
    lineBase,
    lineRange,
    opcodeBase,
    operandCounts,
    files,
    programAt,
    end: cursor.end,
  };
}

function readOldFiles(cursor: Cursor, unit: Unit): ReadonlyMap<number, string> {
  const home = unit.root.text(dw.DW_AT_comp_dir) ?? '';
  const directories = [home];
  for (let name = cursor.string(); name !== ''; name = cursor.string()) {
    directories.push(joined(home, name));
  }
  const files = new Map<number, string>();
  for (let name = cursor.string(); name !== ''; name = cursor.string()) {
    files.set(files.size + 1, joined(directories[cursor.uleb()] ?? home, name));
    cursor.skipLeb();
    cursor.skipLeb();
  }
  return files;
}

function readFiles(cursor: Cursor, unit: Unit, encoding: Encoding): ReadonlyMap<number, string> {
  const paths = readEntries(cursor, unit, encoding).map(({ path }) => path);
  // The first directory is the one the compiler ran in; the others may be relative to it.
  const home = paths[0] ?? unit.root.text(dw.DW_AT_comp_dir) ?? '';
  const directories = paths.map((path, index) => (index === 0 ? home : joined(home, path)));
  const files = readEntries(cursor, unit, encoding).map(
    ({ path, directory }, index): [number, string] => [
      index,
      joined(directories[directory] ?? home, path),
    ],
  );
  return new Map(files);
}

function readEntries(
  cursor: Cursor,
  unit: Unit,
  encoding: Encoding,
): { path: string; directory: number }[] {
  const formats = Array.from({ length: cursor.u8() }, () => ({
    content: cursor.uleb(),
    form: cursor.uleb(),
  }));
  const count = cursor.uleb();
  if (formats.length === 0 && count > 0) throw new DwarfError('dwarf: files without a format');
  const entries: { path: string; directory: number }[] = [];
  while (entries.length < count) {
    let path = '';
    let directory = 0;
    for (const { content, form } of formats) {
      const value = readForm(cursor, { form, implicit: 0n }, unit, encoding);
      if (content === DW_LNCT_path && value.kind === 'string') path = value.text;
      if (content === DW_LNCT_directory_index && value.kind === 'constant') {
        directory = Number(value.value);
      }
    }
    if (cursor.done && entries.length + 1 < count) {
      throw new DwarfError('dwarf: more files than there is room for');
    }
    entries.push({ path, directory });
  }
  return entries;
}

function joined(directory: string, path: string): string {
  const whole = path.startsWith('/') || directory === '' ? path : `${directory}/${path}`;
  return whole.replaceAll('/./', '/');
}
