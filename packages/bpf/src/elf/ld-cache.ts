/**
 * The dynamic linker's cache, `/etc/ld.so.cache`: from a library's bare name to its path.
 *
 * Format: https://sourceware.org/git/?p=glibc.git;a=blob;f=sysdeps/generic/dl-cache.h;hb=glibc-2.36
 */
import type { ElfArchitecture } from './elf.ts';
import { ElfError } from './elf-error.ts';
import { ElfReader } from './elf-reader.ts';

const utf8 = new TextEncoder();

const OLD_MAGIC = 'ld.so-1.7.0';
const OLD_HEADER_BYTES = 16;
const OLD_ENTRY_BYTES = 12;
const MAGIC = 'glibc-ld.so.cache1.1';
const HEADER_BYTES = 48;
const ENTRY_BYTES = 24;

/** What an entry's flags say of a library of the C library in use. */
const flagsOf = { x86_64: 0x0303, arm64: 0x0a03 } as const satisfies Record<
  ElfArchitecture,
  number
>;

/**
 * Path of a library: `libc`, `libc.so.6`, or `c` as a linker's `-l` takes it. Undefined if the cache does not list it
 * for this architecture. Of several builds the one for any processor is preferred.
 * @throws ElfError if `cache` is not such a cache.
 */
export function lookupLibrary(
  cache: Uint8Array,
  name: string,
  architecture: ElfArchitecture,
): string | undefined {
  const reader = new ElfReader(cache);
  const start = newCacheStart(reader);
  const count = reader.u32(start + 20);
  if (start + HEADER_BYTES + count * ENTRY_BYTES > cache.length) {
    throw new ElfError('ld.so.cache: entries run past the end');
  }
  let found: string | undefined;
  for (let index = 0; index < count; index++) {
    const at = start + HEADER_BYTES + index * ENTRY_BYTES;
    if (reader.u32(at) !== flagsOf[architecture]) continue;
    if (!isLibrary(reader.string(start + reader.u32(at + 4)), name)) continue;
    const path = reader.string(start + reader.u32(at + 8));
    if (reader.u64(at + 16) === 0) return path;
    found ??= path;
  }
  return found;
}

/** An old-style cache may come first, padded to eight bytes. */
function newCacheStart(reader: ElfReader): number {
  if (startsWith(reader, 0, MAGIC)) return 0;
  if (startsWith(reader, 0, OLD_MAGIC)) {
    const start = OLD_HEADER_BYTES + reader.u32(12) * OLD_ENTRY_BYTES;
    const aligned = Math.ceil(start / 8) * 8;
    if (startsWith(reader, aligned, MAGIC)) return aligned;
  }
  throw new ElfError('ld.so.cache: unknown format');
}

function startsWith(reader: ElfReader, at: number, magic: string): boolean {
  return utf8.encode(magic).every((byte, index) => reader.bytes[at + index] === byte);
}

/** Does an entry such as `libc.so.6` go by this name, with or without its ending and `lib`? */
function isLibrary(entry: string, name: string): boolean {
  const ending = entry.indexOf('.so');
  const stem = entry.slice(0, ending === -1 ? undefined : ending);
  const plain = name.endsWith('.so') ? name.slice(0, -3) : name;
  return entry === name || stem === plain || stem === `lib${plain}`;
}
