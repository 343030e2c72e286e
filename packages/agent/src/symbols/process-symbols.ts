/**
 * Symbols of one process: its mappings, kept from when it was last seen alive, and the symbol tables of the files it
 * maps, shared between processes.
 */
import { readFileSync } from 'node:fs';
import { Elf, SymbolTable } from '@bpfleet/bpf/elf';
import { findMapping, parseProcessMaps, type Mapping } from './process-maps.ts';

export interface UserSymbol {
  readonly name: string;
  readonly offset: number;
}

interface SymbolFile {
  readonly elf: Elf;
  readonly symbols: SymbolTable;
}

/** By `device:inode`; undefined for files without usable symbols. */
const files = new Map<string, SymbolFile | undefined>();

export class ProcessSymbols {
  readonly #pid: number;
  #mappings: readonly Mapping[] = [];

  constructor(pid: number) {
    this.#pid = pid;
    this.#refresh();
  }

  resolve(address: bigint): UserSymbol | undefined {
    let mapping = findMapping(this.#mappings, address);
    if (mapping === undefined) {
      this.#refresh();
      mapping = findMapping(this.#mappings, address);
    }
    if (mapping === undefined) return undefined;
    const file = this.#file(mapping);
    if (file === undefined) return undefined;
    const fileOffset = Number(address - mapping.start + mapping.fileOffset);
    const linked = file.elf.offsetToAddress(fileOffset);
    const symbol = linked === undefined ? undefined : file.symbols.findByAddress(linked);
    if (linked === undefined || symbol === undefined) return undefined;
    return { name: symbol.name, offset: linked - symbol.address };
  }

  /** Keeps the old mappings when the process is gone. */
  #refresh(): void {
    try {
      this.#mappings = parseProcessMaps(readFileSync(`/proc/${this.#pid}/maps`, 'utf8'));
    } catch {
      return;
    }
  }

  #file(mapping: Mapping): SymbolFile | undefined {
    if (!mapping.path.startsWith('/')) return undefined;
    if (files.has(mapping.file)) return files.get(mapping.file);
    const file = this.#read(mapping.path);
    files.set(mapping.file, file);
    return file;
  }

  /** As the process sees the path, which may be in a container; as we see it when the process is gone. */
  #read(path: string): SymbolFile | undefined {
    for (const candidate of [`/proc/${this.#pid}/root${path}`, path]) {
      try {
        const elf = new Elf(readFileSync(candidate));
        return { elf, symbols: new SymbolTable(elf) };
      } catch {
        continue;
      }
    }
    return undefined;
  }
}
