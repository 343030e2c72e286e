/** The sections of debug information in an ELF file, unpacked where they are compressed. */
import type { Elf, ElfSection } from '../elf/elf.ts';
import { unpackZstd } from '../unpack/zstd.ts';
import { Cursor } from './cursor.ts';
import { DwarfError } from './dwarf-error.ts';

/** Named as in the standard, without `.debug_`; empty where a file has none. */
export interface DwarfSections {
  readonly info: Uint8Array;
  /** Type units of DWARF 4. */
  readonly types: Uint8Array;
  readonly abbrev: Uint8Array;
  readonly str: Uint8Array;
  readonly lineStr: Uint8Array;
  readonly strOffsets: Uint8Array;
  readonly addr: Uint8Array;
  readonly line: Uint8Array;
  readonly ranges: Uint8Array;
  readonly rnglists: Uint8Array;
  readonly loc: Uint8Array;
  readonly loclists: Uint8Array;
  /** Of a package of split files: where each unit's parts are. */
  readonly cuIndex: Uint8Array;
  readonly tuIndex: Uint8Array;
}

/** Inflates zlib data that is known to unpack to so many bytes. */
export type Inflate = (packed: Uint8Array, sizeBytes: number) => Uint8Array;

const names: Readonly<Record<keyof DwarfSections, string>> = {
  info: 'info',
  types: 'types',
  abbrev: 'abbrev',
  str: 'str',
  lineStr: 'line_str',
  strOffsets: 'str_offsets',
  addr: 'addr',
  line: 'line',
  ranges: 'ranges',
  rnglists: 'rnglists',
  loc: 'loc',
  loclists: 'loclists',
  cuIndex: 'cu_index',
  tuIndex: 'tu_index',
};

const ELFCOMPRESS_ZLIB = 1;
const ELFCOMPRESS_ZSTD = 2;
/** A section of debug information is not longer; a damaged header may say so. */
const MAX_SECTION_BYTES = 2 ** 32;
/** Debug information shrinks to a fifth or a tenth; what is said to be packed much better is made to fill memory. */
const MAX_RATIO = 256;
/** So much may come of however little. */
const FREE_BYTES = 1 << 22;

/**
 * Sections are read, and unpacked, when first asked for. `split` chooses those of a `.dwo` or `.dwp` file.
 * @throws DwarfError on access, for a compression other than zlib and zstd.
 */
export function readSections(elf: Elf, inflate: Inflate, split: boolean = false): DwarfSections {
  const sections = {} as Record<keyof DwarfSections, Uint8Array>;
  for (const [key, name] of Object.entries(names)) {
    // The indices of a package have no suffix, for there is but one of each.
    const suffix = split && !name.endsWith('_index') ? '.dwo' : '';
    let bytes: Uint8Array | undefined;
    Object.defineProperty(sections, key, {
      enumerable: true,
      get: () => (bytes ??= read(elf, `${name}${suffix}`, inflate)),
    });
  }
  return sections;
}

function read(elf: Elf, name: string, inflate: Inflate): Uint8Array {
  // Each type unit of an object file is in a section of its own.
  const plain = elf.sections.filter((section) => section.name === `.debug_${name}`);
  if (plain.length > 0) {
    return joined(
      plain.map((section) =>
        section.compressed ? unpack(elf, section, inflate) : elf.sectionBytes(section),
      ),
    );
  }
  const old = elf.section(`.zdebug_${name}`);
  return old === undefined ? new Uint8Array() : unpackOld(elf, old, inflate);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first = new Uint8Array(), ...rest] = parts;
  if (rest.length === 0) return first;
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** With a header of the System V ABI: kind, size, alignment. */
function unpack(elf: Elf, section: ElfSection, inflate: Inflate): Uint8Array {
  const header = new Cursor(elf.sectionBytes(section));
  const kind = header.u32();
  header.skip(4);
  const sizeBytes = header.u64();
  header.skip(8);
  if (kind === ELFCOMPRESS_ZLIB) return checked(section.name, header, sizeBytes, inflate);
  if (kind === ELFCOMPRESS_ZSTD) return checked(section.name, header, sizeBytes, unpackZstd);
  throw new DwarfError(`dwarf: ${section.name} is compressed by an unknown method`);
}

/** As linkers did before there was a header: `ZLIB` and the size, the highest byte first. */
function unpackOld(elf: Elf, section: ElfSection, inflate: Inflate): Uint8Array {
  const header = new Cursor(elf.sectionBytes(section));
  if (header.u32() !== 0x42494c5a)
    throw new DwarfError(`dwarf: ${section.name} has no ZLIB header`);
  let sizeBytes = 0;
  for (let index = 0; index < 8; index++) sizeBytes = sizeBytes * 256 + header.u8();
  return checked(section.name, header, sizeBytes, inflate);
}

function checked(name: string, rest: Cursor, sizeBytes: number, inflate: Inflate): Uint8Array {
  const packed = rest.bytes.subarray(rest.at);
  if (sizeBytes > MAX_SECTION_BYTES || sizeBytes > FREE_BYTES + packed.length * MAX_RATIO) {
    throw new DwarfError(`dwarf: ${name} cannot unpack to ${sizeBytes} bytes`);
  }
  try {
    return inflate(packed, sizeBytes);
  } catch (cause) {
    throw new DwarfError(`dwarf: ${name} cannot be unpacked`, { cause });
  }
}
