/**
 * Symbols of one process: its mappings, kept from when it was last seen alive, and the files it maps, shared between
 * processes.
 */
import { readFileSync } from 'node:fs';
import { UserFile } from '../debug/user-file.ts';
import type { CodePlace, UserSymbol } from './code-place.ts';
import { findJitFunction, parsePerfMap, readPerfMap } from './perf-map.ts';
import { findMapping, parseProcessMaps, type Mapping } from './process-maps.ts';

/** By `device:inode`; undefined for files without usable symbols. */
const files = new Map<string, UserFile | undefined>();

export class ProcessSymbols {
  readonly #pid: number;
  readonly #debugDirectories: readonly string[];
  #mappings: readonly Mapping[] = [];
  #jit: ReturnType<typeof parsePerfMap> | undefined;

  constructor(pid: number, debugDirectories: readonly string[]) {
    this.#pid = pid;
    this.#debugDirectories = debugDirectories;
    this.#refresh();
  }

  /** Whether the process was ever seen. */
  get known(): boolean {
    return this.#mappings.length > 0;
  }

  /** The mapping that holds an address, looked for again if it is new. */
  mapping(address: bigint): Mapping | undefined {
    const found = findMapping(this.#mappings, address);
    if (found !== undefined) return found;
    this.#refresh();
    return findMapping(this.#mappings, address);
  }

  place(address: bigint, mapping: Mapping): CodePlace | undefined {
    const file = this.#file(mapping);
    const fileOffset = Number(address - mapping.start + mapping.fileOffset);
    const linked = file?.elf.offsetToAddress(fileOffset);
    return file === undefined || linked === undefined ? undefined : { file, address: linked };
  }

  /** Code that no file holds; runtimes add to their list while they run. */
  jitSymbol(address: bigint): UserSymbol | undefined {
    const known = this.#jit && findJitFunction(this.#jit, address);
    if (known !== undefined) return known;
    this.#jit = parsePerfMap(readPerfMap(this.#pid));
    return findJitFunction(this.#jit, address);
  }

  /** Keeps the old mappings when the process is gone; the kernel gives an empty list for one that is not yet reaped. */
  #refresh(): void {
    try {
      const mappings = parseProcessMaps(readFileSync(`/proc/${this.#pid}/maps`, 'utf8'));
      if (mappings.length > 0) this.#mappings = mappings;
    } catch {
      return;
    }
  }

  #file(mapping: Mapping): UserFile | undefined {
    if (!mapping.path.startsWith('/')) return undefined;
    if (files.has(mapping.file)) return files.get(mapping.file);
    const file = this.#read(mapping.path);
    files.set(mapping.file, file);
    return file;
  }

  /** As the process sees the path, which may be in a container; as we see it when the process is gone. */
  #read(path: string): UserFile | undefined {
    for (const candidate of [`/proc/${this.#pid}/root${path}`, path]) {
      try {
        return new UserFile(candidate, {
          directories: this.#debugDirectories,
          warn: () => undefined,
        });
      } catch {
        continue;
      }
    }
    return undefined;
  }
}
