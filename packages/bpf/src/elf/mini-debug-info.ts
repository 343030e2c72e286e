/** `.gnu_debugdata`: the names of functions that were stripped off, in a packed ELF file within the file. */
import { UnpackError } from '../unpack/unpack-error.ts';
import { unpackXz } from '../unpack/xz.ts';
import { Elf } from './elf.ts';
import { ElfError } from './elf-error.ts';

/** Names of the largest programs take a few tens of millions of bytes. */
const MAX_BYTES = 1 << 28;
/** Names shrink to a tenth or so; what unpacks to much more is made to fill memory. */
const MAX_RATIO = 64;
const FREE_BYTES = 1 << 20;

/** Undefined for a file without, and for one whose data is damaged. */
export function miniDebugInfo(elf: Elf): Elf | undefined {
  const section = elf.section('.gnu_debugdata');
  if (section === undefined) return undefined;
  try {
    const packed = elf.sectionBytes(section);
    const limitBytes = Math.min(MAX_BYTES, FREE_BYTES + packed.length * MAX_RATIO);
    return new Elf(unpackXz(packed, limitBytes));
  } catch (error) {
    if (error instanceof UnpackError || error instanceof ElfError) return undefined;
    throw error;
  }
}
