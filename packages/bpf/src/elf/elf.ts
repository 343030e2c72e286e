/**
 * A 64-bit little-endian ELF file: its sections and segments, and where addresses lie in the file.
 *
 * Format: System V ABI, https://gabi.xinuos.com/elf/
 */
import { byteSource, readPart, type ByteSource } from './byte-source.ts';
import { ElfError } from './elf-error.ts';
import { ElfReader } from './elf-reader.ts';
import { readNotes } from './notes.ts';

export type ElfArchitecture = 'x86_64' | 'arm64';

export interface ElfSection {
  readonly name: string;
  /** `SHT_…` */
  readonly type: number;
  readonly address: number;
  readonly fileOffset: number;
  readonly sizeBytes: number;
  /** Index of the section that goes with it: for symbols, their strings. */
  readonly link: number;
  readonly alignment: number;
  /** Its bytes begin with a compression header; addresses and sizes are those of the compressed bytes. */
  readonly compressed: boolean;
}

export interface ElfSegment {
  /** `PT_…` */
  readonly type: number;
  readonly executable: boolean;
  readonly fileOffset: number;
  readonly address: number;
  readonly fileBytes: number;
  readonly memoryBytes: number;
  readonly alignment: number;
}

/** `.gnu_debuglink`: which file holds the debug information that was stripped off. */
export interface DebugLink {
  readonly fileName: string;
  /** CRC-32 of that file. */
  readonly crc: number;
}

const PT_LOAD = 1;
const PT_NOTE = 4;
const PF_X = 1;
const SHT_NOTE = 7;
const SHT_NOBITS = 8;
const SHF_COMPRESSED = 0x800;
const SHN_XINDEX = 0xffff;
const NT_GNU_BUILD_ID = 3;

const HEADER_BYTES = 64;
const SECTION_HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;

const architectures: ReadonlyMap<number, ElfArchitecture> = new Map([
  [62, 'x86_64'],
  [183, 'arm64'],
]);

export class Elf {
  /** Undefined for a machine other than the two supported. */
  readonly architecture: ElfArchitecture | undefined;
  /** Linked to be loaded anywhere: a shared object or a position-independent executable. */
  readonly relocatable: boolean;
  /** Where the program begins; 0 for a library. */
  readonly entryAddress: number;
  readonly sections: readonly ElfSection[];
  readonly segments: readonly ElfSegment[];
  readonly #file: ByteSource;

  /** @throws ElfError if it is no 64-bit little-endian ELF file or its tables lie outside it. */
  constructor(given: Uint8Array | ByteSource) {
    const file = given instanceof Uint8Array ? byteSource(given) : given;
    if (file.length < HEADER_BYTES) throw new ElfError('elf: not an ELF file');
    const reader = new ElfReader(file.read(0, HEADER_BYTES));
    if (reader.u32(0) !== 0x464c457f) throw new ElfError('elf: not an ELF file');
    if (reader.u8(4) !== 2) throw new ElfError('elf: not a 64-bit file');
    if (reader.u8(5) !== 1) throw new ElfError('elf: not a little-endian file');
    this.#file = file;
    this.architecture = architectures.get(reader.u16(18));
    this.relocatable = reader.u16(16) === 3;
    this.entryAddress = reader.u64(24);
    this.segments = readSegments(file, reader);
    this.sections = readSections(file, reader);
  }

  section(name: string): ElfSection | undefined {
    return this.sections.find((section) => section.name === name);
  }

  /** Bytes of a section; none for one that takes no room in the file. */
  sectionBytes(section: ElfSection): Uint8Array {
    if (section.type === SHT_NOBITS) return new Uint8Array();
    return readPart(this.#file, section.fileOffset, section.sizeBytes, `section ${section.name}`);
  }

  /** Bytes of the file, fewer where it ends. */
  bytesAt(fileOffset: number, length: number): Uint8Array {
    const start = Math.min(fileOffset, this.#file.length);
    return this.#file.read(start, Math.min(length, this.#file.length - start));
  }

  /** The build id in lower-case hex. */
  get buildId(): string | undefined {
    for (const { data, alignment } of this.#noteParts()) {
      for (const note of readNotes(data, alignment)) {
        if (note.owner === 'GNU' && note.type === NT_GNU_BUILD_ID) {
          return Array.from(note.description, (byte) => byte.toString(16).padStart(2, '0')).join(
            '',
          );
        }
      }
    }
    return undefined;
  }

  get debugLink(): DebugLink | undefined {
    const section = this.section('.gnu_debuglink');
    if (section === undefined) return undefined;
    const reader = new ElfReader(this.sectionBytes(section));
    const fileName = reader.string(0);
    // The checksum is aligned to four bytes behind the name.
    const nameBytes = reader.bytes.indexOf(0) + 1;
    return { fileName, crc: reader.u32(Math.ceil(nameBytes / 4) * 4) };
  }

  /** Where the byte at an address of the linked program lies in the file. */
  addressToOffset(address: number): number | undefined {
    const segment = this.segments.find(
      ({ type, address: start, fileBytes }) =>
        type === PT_LOAD && address >= start && address < start + fileBytes,
    );
    return segment && address - segment.address + segment.fileOffset;
  }

  /**
   * The address for which the program was linked of a byte in the file. The last page of code and the first of data may
   * be the same one of the file, so which is meant matters.
   */
  offsetToAddress(fileOffset: number, executable: boolean = true): number | undefined {
    const holding = this.segments.filter(
      ({ type, fileOffset: start, fileBytes }) =>
        type === PT_LOAD && fileOffset >= start && fileOffset < start + fileBytes,
    );
    const segment = holding.find((one) => one.executable === executable) ?? holding[0];
    return segment && fileOffset - segment.fileOffset + segment.address;
  }

  *#noteParts(): Generator<{ data: Uint8Array; alignment: number }> {
    for (const segment of this.segments) {
      if (segment.type !== PT_NOTE) continue;
      const data = readPart(this.#file, segment.fileOffset, segment.fileBytes, 'note segment');
      yield { data, alignment: segment.alignment };
    }
    for (const section of this.sections) {
      if (section.type !== SHT_NOTE) continue;
      yield { data: this.sectionBytes(section), alignment: section.alignment };
    }
  }
}

function readSegments(file: ByteSource, header: ElfReader): ElfSegment[] {
  const entryBytes = header.u16(54);
  const count = header.u16(56);
  if (count > 0 && entryBytes < PROGRAM_HEADER_BYTES)
    throw new ElfError('elf: short program headers');
  const table = new ElfReader(
    readPart(file, header.u64(32), count * entryBytes, 'table of program headers'),
  );
  return Array.from({ length: count }, (_, index) => {
    const at = index * entryBytes;
    return {
      type: table.u32(at),
      executable: (table.u32(at + 4) & PF_X) !== 0,
      fileOffset: table.u64(at + 8),
      address: table.u64(at + 16),
      fileBytes: table.u64(at + 32),
      memoryBytes: table.u64(at + 40),
      alignment: table.u64(at + 48),
    };
  });
}

function readSections(file: ByteSource, header: ElfReader): ElfSection[] {
  const tableAt = header.u64(40);
  if (tableAt === 0) return [];
  const entryBytes = header.u16(58);
  if (entryBytes < SECTION_HEADER_BYTES) throw new ElfError('elf: short section headers');
  const first = new ElfReader(readPart(file, tableAt, entryBytes, 'first section header'));
  // A file of more than 65,279 sections keeps the true numbers in the first section header.
  const count = header.u16(60) || first.u64(32);
  const table = new ElfReader(readPart(file, tableAt, count * entryBytes, 'section headers'));
  const declaredNames = header.u16(62);
  const namesIndex = declaredNames === SHN_XINDEX ? first.u32(40) : declaredNames;
  const names = readNames(file, table, namesIndex < count ? namesIndex * entryBytes : 0);
  return Array.from({ length: count }, (_, index) => {
    const at = index * entryBytes;
    return {
      name: names === undefined ? '' : names.string(table.u32(at)),
      type: table.u32(at + 4),
      address: table.u64(at + 16),
      fileOffset: table.u64(at + 24),
      sizeBytes: table.u64(at + 32),
      link: table.u32(at + 40),
      alignment: table.u64(at + 48),
      compressed: (table.u64(at + 8) & SHF_COMPRESSED) !== 0,
    };
  });
}

/** @param at of the header of the section of names; 0 for none */
function readNames(file: ByteSource, table: ElfReader, at: number): ElfReader | undefined {
  if (at === 0) return undefined;
  return new ElfReader(readPart(file, table.u64(at + 24), table.u64(at + 32), 'section names'));
}
