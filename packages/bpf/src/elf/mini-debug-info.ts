/** `.gnu_debugdata`: the names of functions that were stripped off, in a packed ELF file within the file. */
import { UnpackError } from '../unpack/unpack-error.ts';
import { unpackXz } from '../unpack/xz.ts';
import { Elf } from './elf.ts';
import { ElfError } from './elf-error.ts';

/** Names of the largest programs take a few tens of millions of bytes. */
const MAX_BYTES = 1 << 28;

/** Undefined for a file without, and for one whose data is damaged. */
export function miniDebugInfo(elf: Elf): Elf | undefined {
  const section = elf.section('.gnu_debugdata');
  if (section === undefined) return undefined;
  try {
    return new Elf(unpackXz(elf.sectionBytes(section), MAX_BYTES));
  } catch (error) {
    if (error instanceof UnpackError || error instanceof ElfError) return undefined;
    throw error;
  }
}
