/**
 * A 64-bit little-endian ELF file: its sections and segments, and where addresses lie in the file.
 *
 * Format: System V ABI, https://gabi.xinuos.com/elf/
 */
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
  readonly #reader: ElfReader;

  /** @throws ElfError if `bytes` is no 64-bit little-endian ELF file or its tables lie outside it. */
  constructor(bytes: Uint8Array) {
    const reader = new ElfReader(bytes);
    if (bytes.length < 64 || reader.u32(0) !== 0x464c457f)
      throw new ElfError('elf: not an ELF file');
    if (reader.u8(4) !== 2) throw new ElfError('elf: not a 64-bit file');
    if (reader.u8(5) !== 1) throw new ElfError('elf: not a little-endian file');
    this.#reader = reader;
    this.architecture = architectures.get(reader.u16(18));
    this.relocatable = reader.u16(16) === 3;
    this.entryAddress = reader.u64(24);
    this.segments = readSegments(reader);
    this.sections = readSections(reader);
  }

  section(name: string): ElfSection | undefined {
    return this.sections.find((section) => section.name === name);
  }

  /** Bytes of a section; none for one that takes no room in the file. */
  sectionBytes(section: ElfSection): Uint8Array {
    if (section.type === SHT_NOBITS) return new Uint8Array();
    return this.#reader.slice(section.fileOffset, section.sizeBytes, `section ${section.name}`);
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

  /** The address for which the program was linked of a byte in the file; executable segments come first. */
  offsetToAddress(fileOffset: number): number | undefined {
    const holding = this.segments.filter(
      ({ type, fileOffset: start, fileBytes }) =>
        type === PT_LOAD && fileOffset >= start && fileOffset < start + fileBytes,
    );
    const segment = holding.find(({ executable }) => executable) ?? holding[0];
    return segment && fileOffset - segment.fileOffset + segment.address;
  }

  *#noteParts(): Generator<{ data: Uint8Array; alignment: number }> {
    for (const segment of this.segments) {
      if (segment.type !== PT_NOTE) continue;
      const data = this.#reader.slice(segment.fileOffset, segment.fileBytes, 'note segment');
      yield { data, alignment: segment.alignment };
    }
    for (const section of this.sections) {
      if (section.type !== SHT_NOTE) continue;
      yield { data: this.sectionBytes(section), alignment: section.alignment };
    }
  }
}

function readSegments(reader: ElfReader): ElfSegment[] {
  const table = reader.u64(32);
  const entryBytes = reader.u16(54);
  const count = reader.u16(56);
  if (count > 0 && entryBytes < PROGRAM_HEADER_BYTES)
    throw new ElfError('elf: short program headers');
  return Array.from({ length: count }, (_, index) => {
    const at = table + index * entryBytes;
    return {
      type: reader.u32(at),
      executable: (reader.u32(at + 4) & PF_X) !== 0,
      fileOffset: reader.u64(at + 8),
      address: reader.u64(at + 16),
      fileBytes: reader.u64(at + 32),
      memoryBytes: reader.u64(at + 40),
      alignment: reader.u64(at + 48),
    };
  });
}

function readSections(reader: ElfReader): ElfSection[] {
  const table = reader.u64(40);
  if (table === 0) return [];
  const entryBytes = reader.u16(58);
  if (entryBytes < SECTION_HEADER_BYTES) throw new ElfError('elf: short section headers');
  // A file of more than 65,279 sections keeps the true numbers in the first section header.
  const count = reader.u16(60) || reader.u64(table + 32);
  if (table + count * entryBytes > reader.bytes.length) {
    throw new ElfError('elf: section headers run past the end');
  }
  const declaredNames = reader.u16(62);
  const namesIndex = declaredNames === SHN_XINDEX ? reader.u32(table + 40) : declaredNames;
  const namesAt = namesIndex < count ? reader.u64(table + namesIndex * entryBytes + 24) : 0;
  return Array.from({ length: count }, (_, index) => {
    const at = table + index * entryBytes;
    const nameOffset = reader.u32(at);
    return {
      name: namesAt === 0 ? '' : reader.string(namesAt + nameOffset),
      type: reader.u32(at + 4),
      address: reader.u64(at + 16),
      fileOffset: reader.u64(at + 24),
      sizeBytes: reader.u64(at + 32),
      link: reader.u32(at + 40),
      alignment: reader.u64(at + 48),
      compressed: (reader.u64(at + 8) & SHF_COMPRESSED) !== 0,
    };
  });
}
