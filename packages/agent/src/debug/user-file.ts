/** A program or library that user probes are in: its code, its symbols and its debug information. */
import { DebugInfo, readSections } from '@bpfleet/bpf/dwarf';
import {
  Elf,
  ElfError,
  memberSource,
  miniDebugInfo,
  PltNames,
  SymbolTable,
  zipMember,
  type ByteSource,
} from '@bpfleet/bpf/elf';
import { openFileBytes } from './file-bytes.ts';
import { findCommonFile } from './find-common-file.ts';
import { findDebugFile, type DebugFile } from './find-debug-file.ts';
import { inflate, splitFiles } from './split-debug-files.ts';

export interface DebugSettings {
  /** From `--debuginfo`. */
  readonly directories: readonly string[];
  readonly warn: (message: string) => void;
}

/** Between an archive and a file in it. */
const ARCHIVE_MARK = '!/';

/** How a path names a file in an archive. */
export function inArchive(archive: string, member: string): string {
  return `${archive}${ARCHIVE_MARK}${member}`;
}

export class UserFile {
  /** As it was written, with the archive before it. */
  readonly path: string;
  /** What the kernel maps: the archive, where it is in one. */
  readonly mappedPath: string;
  /** What the file is called in its archive, if it is in one. */
  readonly member: string | undefined;
  /** Where the file starts in what is mapped, bytes. */
  readonly mappedOffset: number;
  readonly elf: Elf;
  readonly #settings: DebugSettings;
  #symbols: SymbolTable | undefined;
  #stubs: PltNames | undefined;
  #separate: { readonly file: DebugFile | undefined } | undefined;
  #debug: { readonly info: DebugInfo | undefined } | undefined;

  /**
   * @param from the bytes, or where to read them, if the path may mean another file by now
   * @throws ElfError and file-system errors.
   */
  constructor(path: string, settings: DebugSettings, from?: string | ByteSource) {
    const mark = path.indexOf(ARCHIVE_MARK);
    this.path = path;
    this.mappedPath = mark === -1 ? path : path.slice(0, mark);
    this.member = mark === -1 ? undefined : path.slice(mark + ARCHIVE_MARK.length);
    const mapped = typeof from === 'object' ? from : openFileBytes(from ?? this.mappedPath);
    this.#settings = settings;
    if (this.member === undefined) {
      this.mappedOffset = 0;
      this.elf = new Elf(mapped);
      return;
    }
    const member = zipMember(mapped, this.member);
    if (member === undefined)
      throw new ElfError('no such file in the archive, or it is compressed');
    this.mappedOffset = member.offset;
    this.elf = new Elf(memberSource(mapped, member));
  }

  /** The file's own, or those that were stripped off. */
  get symbols(): SymbolTable {
    this.#symbols ??= this.#readSymbols();
    return this.#symbols;
  }

  /** By which it calls functions of libraries. */
  get stubs(): PltNames {
    this.#stubs ??= new PltNames(this.elf, (address) => this.symbols.findByAddress(address)?.name);
    return this.#stubs;
  }

  /** Undefined for a file without; parts of it are read, and may prove damaged, when they are used. */
  get debugInfo(): DebugInfo | undefined {
    this.#debug ??= { info: this.#readDebugInfo() };
    return this.#debug.info;
  }

  #readSymbols(): SymbolTable {
    const { elf } = this;
    if (elf.section('.symtab') !== undefined) return new SymbolTable(elf);
    const separate = this.#separateFile()?.elf;
    const stripped = separate?.section('.symtab') === undefined ? miniDebugInfo(elf) : separate;
    return new SymbolTable(stripped === undefined ? elf : [stripped, elf], elf);
  }

  #readDebugInfo(): DebugInfo | undefined {
    const { directories, warn } = this.#settings;
    const file = hasDebugInfo(this.elf) ? this : this.#separateFile();
    if (file === undefined || !hasDebugInfo(file.elf)) return undefined;
    return new DebugInfo(readSections(file.elf, inflate), {
      ...splitFiles(this.path, warn),
      common: () => {
        const common = findCommonFile(file, directories);
        return common && readSections(common, inflate);
      },
    });
  }

  #separateFile(): DebugFile | undefined {
    this.#separate ??= {
      file: findDebugFile(this.path, this.elf, this.#settings.directories),
    };
    return this.#separate.file;
  }
}

function hasDebugInfo(elf: Elf): boolean {
  return ['.debug_info', '.zdebug_info'].some((name) => elf.section(name) !== undefined);
}
