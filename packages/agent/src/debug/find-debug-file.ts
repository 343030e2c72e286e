/** The debug information that was stripped off a program: another ELF file, that shows that it belongs to the program. */
import { existsSync } from 'node:fs';
import { Elf, ElfError, type ByteSource } from '@bpfleet/bpf/elf';
import { crc32 } from './crc32.ts';
import { containerRoot, debugFilePaths } from './debug-file-paths.ts';
import { openFileBytes } from './file-bytes.ts';

export interface DebugFile {
  readonly path: string;
  readonly elf: Elf;
}

/** Undefined where there is none. Files that are damaged, or belong to another program, are passed over. */
export function findDebugFile(
  path: string,
  elf: Elf,
  directories: readonly string[],
): DebugFile | undefined {
  const { buildId, debugLink } = elf;
  const root = containerRoot(path);
  const candidates = debugFilePaths(
    {
      path: path.slice(root.length),
      root,
      ...(buildId === undefined ? {} : { buildId }),
      ...(debugLink === undefined ? {} : { linkedName: debugLink.fileName }),
    },
    directories,
  );
  for (const candidate of candidates) {
    if (!existsSync(candidate)) continue;
    const found = openDebugFile(candidate);
    if (found === undefined) continue;
    const [file, debug] = found;
    // Build ids tell for certain; without them there is the checksum, if the program names one.
    const belongs =
      buildId !== undefined && debug.buildId !== undefined
        ? debug.buildId === buildId
        : debugLink === undefined || crc32(file.read(0, file.length)) === debugLink.crc;
    if (belongs) return { path: candidate, elf: debug };
  }
  return undefined;
}

/** Undefined for what cannot be read. */
export function openDebugFile(path: string): readonly [ByteSource, Elf] | undefined {
  try {
    const file = openFileBytes(path);
    return [file, new Elf(file)];
  } catch (error) {
    if (error instanceof ElfError || isFileError(error)) return undefined;
    throw error;
  }
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'code' in error;
}
