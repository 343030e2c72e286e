/**
 * Which file holds the debug information that several files have in common, where `dwz` moved it: a section of its own
 * that GNU tools read, or that of DWARF 5 (7.3.6).
 */
import type { Elf } from './elf.ts';
import { ElfError } from './elf-error.ts';
import { ElfReader } from './elf-reader.ts';

export interface CommonDebugLink {
  /** A path, relative to the file with the link if it does not begin with a slash. */
  readonly fileName: string;
  /** By which it is known, in lower-case hex: its build id, or for DWARF 5 any checksum. */
  readonly id: string;
}

/** Undefined for a file without, and for one whose link is damaged. */
export function commonDebugLink(elf: Elf): CommonDebugLink | undefined {
  try {
    return gnuLink(elf) ?? supplementary(elf, false);
  } catch (error) {
    if (error instanceof ElfError) return undefined;
    throw error;
  }
}

/** Whether a file is the one that a link means. */
export function isLinkedCommonFile(elf: Elf, { id }: CommonDebugLink): boolean {
  try {
    return elf.buildId === id || supplementary(elf, true)?.id === id;
  } catch (error) {
    if (error instanceof ElfError) return false;
    throw error;
  }
}

function gnuLink(elf: Elf): CommonDebugLink | undefined {
  const section = elf.section('.gnu_debugaltlink');
  if (section === undefined) return undefined;
  const reader = new ElfReader(elf.sectionBytes(section));
  const fileName = reader.string(0);
  return { fileName, id: hex(reader.bytes.subarray(reader.bytes.indexOf(0) + 1)) };
}

/** @param isTarget whether that of the file with the common parts is wanted, not that of a file that refers to it */
function supplementary(elf: Elf, isTarget: boolean): CommonDebugLink | undefined {
  const section = elf.section('.debug_sup');
  if (section === undefined) return undefined;
  const reader = new ElfReader(elf.sectionBytes(section));
  if ((reader.u8(2) === 1) !== isTarget) return undefined;
  const fileName = reader.string(3);
  const lengthAt = reader.bytes.indexOf(0, 3) + 1;
  const length = reader.u8(lengthAt);
  return { fileName, id: hex(reader.slice(lengthAt + 1, length, '.debug_sup')) };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
