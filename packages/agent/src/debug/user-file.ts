/** A program or library that user probes are in: its code, its symbols and its debug information. */
import { readFileSync } from 'node:fs';
import { DebugInfo, readSections } from '@bpfleet/bpf/dwarf';
import { Elf, ElfError, SymbolTable, zipMember } from '@bpfleet/bpf/elf';
import { findDebugFile } from './find-debug-file.ts';
import { inflate, splitFiles } from './split-debug-files.ts';

export interface DebugSettings {
  /** From `--debuginfo`. */
  readonly directories: readonly string[];
  readonly warn: (message: string) => void;
}

/** Between an archive and a file in it. */
const ARCHIVE_MARK = '!/';

export class UserFile {
  /** As it was written, with the archive before it. */
  readonly path: string;
  /** What the kernel maps: the archive, where it is in one. */
  readonly mappedPath: string;
  /** Where the file starts in what is mapped, bytes. */
  readonly mappedOffset: number;
  readonly elf: Elf;
  readonly #settings: DebugSettings;
  #symbols: SymbolTable | undefined;
  #separate: { readonly elf: Elf | undefined } | undefined;
  #debug: { readonly info: DebugInfo | undefined } | undefined;

  /** @throws ElfError and file-system errors. */
  constructor(path: string, settings: DebugSettings) {
    const mark = path.indexOf(ARCHIVE_MARK);
    this.path = path;
    this.mappedPath = mark === -1 ? path : path.slice(0, mark);
    const mapped = readFileSync(this.mappedPath);
    const member =
      mark === -1
        ? { offset: 0, bytes: mapped }
        : zipMember(mapped, path.slice(mark + ARCHIVE_MARK.length));
    if (member === undefined)
      throw new ElfError('no such file in the archive, or it is compressed');
    this.mappedOffset = member.offset;
    this.elf = new Elf(member.bytes);
    this.#settings = settings;
  }

  /** The file's own, or those that were stripped off. */
  get symbols(): SymbolTable {
    this.#symbols ??= this.#readSymbols();
    return this.#symbols;
  }

  /** Undefined for a file without; parts of it are read, and may prove damaged, when they are used. */
  get debugInfo(): DebugInfo | undefined {
    this.#debug ??= { info: this.#readDebugInfo() };
    return this.#debug.info;
  }

  #readSymbols(): SymbolTable {
    const separate = this.elf.section('.symtab') === undefined ? this.#separateFile() : undefined;
    const symbols = separate?.section('.symtab') === undefined ? this.elf : separate;
    return new SymbolTable(symbols, this.elf);
  }

  #readDebugInfo(): DebugInfo | undefined {
    const elf = hasDebugInfo(this.elf) ? this.elf : this.#separateFile();
    if (elf === undefined || !hasDebugInfo(elf)) return undefined;
    return new DebugInfo(readSections(elf, inflate), splitFiles(this.path, this.#settings.warn));
  }

  #separateFile(): Elf | undefined {
    this.#separate ??= {
      elf: findDebugFile(this.path, this.elf, this.#settings.directories),
    };
    return this.#separate.elf;
  }
}

function hasDebugInfo(elf: Elf): boolean {
  return ['.debug_info', '.zdebug_info'].some((name) => elf.section(name) !== undefined);
}
