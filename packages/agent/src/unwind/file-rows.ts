/** The unwind rows of a file, in the bytes that programs search. */
import { DwarfError, unwindRows, type FrameSection, type UnwindRow } from '@bpfleet/bpf/dwarf';
import type { Elf } from '@bpfleet/bpf/elf';
import { UNWIND } from '@bpfleet/lang';

const { rowBytes, maxRows, flags } = UNWIND;

/** None for a file without call frame information, or with more of it than programs can search. */
export function fileRows(elf: Elf): Uint8Array {
  const section = frameSection(elf);
  const rows = section === undefined ? [] : withoutRepeats(read(section));
  if (rows.length > maxRows) return new Uint8Array();
  const bytes = new Uint8Array(rows.length * rowBytes);
  const view = new DataView(bytes.buffer);
  rows.forEach((row, index) => {
    const at = index * rowBytes;
    view.setUint32(at, row.address, true);
    view.setInt32(at + 4, row.offset, true);
    view.setInt32(at + 8, row.savedBp ?? 0, true);
    view.setUint32(at + 12, flagsOf(row), true);
  });
  return bytes;
}

function frameSection(elf: Elf): FrameSection | undefined {
  for (const kind of ['eh_frame', 'debug_frame'] as const) {
    const section = elf.section(`.${kind}`);
    if (section === undefined || section.compressed || section.sizeBytes === 0) continue;
    return { bytes: elf.sectionBytes(section), address: section.address, kind };
  }
  return undefined;
}

function read(section: FrameSection): readonly UnwindRow[] {
  try {
    return unwindRows(section);
  } catch (error) {
    if (error instanceof DwarfError) return [];
    throw error;
  }
}

function withoutRepeats(rows: readonly UnwindRow[]): readonly UnwindRow[] {
  return rows.filter((row, index) => {
    const before = rows[index - 1];
    return (
      before === undefined ||
      flagsOf(before) !== flagsOf(row) ||
      before.offset !== row.offset ||
      before.savedBp !== row.savedBp
    );
  });
}

function flagsOf({ base, savedBp, outermost }: UnwindRow): number {
  return (
    (base === 'bp' ? flags.baseIsBp : 0) |
    (savedBp === undefined ? 0 : flags.savesBp) |
    (base === 'unknown' ? flags.unknown : 0) |
    (outermost ? flags.outermost : 0)
  );
}
