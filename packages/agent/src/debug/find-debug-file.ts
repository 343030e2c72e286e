/** The debug information that was stripped off a program: another ELF file, that shows that it belongs to the program. */
import { existsSync, readFileSync } from 'node:fs';
import { crc32 } from './crc32.ts';
import { Elf, ElfError } from '@bpfleet/bpf/elf';
import { debugFilePaths } from './debug-file-paths.ts';

/** Undefined where there is none. Files that are damaged, or belong to another program, are passed over. */
export function findDebugFile(
  path: string,
  elf: Elf,
  directories: readonly string[],
): Elf | undefined {
  const { buildId, debugLink } = elf;
  const candidates = debugFilePaths(
    {
      path,
      ...(buildId === undefined ? {} : { buildId }),
      ...(debugLink === undefined ? {} : { linkedName: debugLink.fileName }),
    },
    directories,
  );
  for (const candidate of candidates) {
    if (!existsSync(candidate)) continue;
    const found = open(candidate);
    if (found === undefined) continue;
    const [bytes, debug] = found;
    // Build ids tell for certain; without them there is the checksum, if the program names one.
    const belongs =
      buildId !== undefined && debug.buildId !== undefined
        ? debug.buildId === buildId
        : debugLink === undefined || crc32(bytes) === debugLink.crc;
    if (belongs) return debug;
  }
  return undefined;
}

function open(path: string): readonly [Uint8Array, Elf] | undefined {
  try {
    const bytes = readFileSync(path);
    return [bytes, new Elf(bytes)];
  } catch (error) {
    if (error instanceof ElfError || isFileError(error)) return undefined;
    throw error;
  }
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'code' in error;
}
