/** Symbols of one process: its mappings, kept from when it was last seen alive, and the files it maps. */
import type { UserFile } from '../debug/user-file.ts';
import type { CodePlace, UserSymbol } from './code-place.ts';
import type { MappedFiles } from './mapped-files.ts';
import { PerfMapFile } from './perf-map-file.ts';
import { livingMappings, type ProcessHistory } from './process-history.ts';
import { findMapping, type Mapping } from './process-maps.ts';

/** For so many unknown addresses the process is asked again: of code the kernel tells, where it does, of data it does not. */
const MAX_LOOKS = { told: 16, untold: 256 } as const;
/** How far up a dead process's ancestors are asked for the files it had. */
const MAX_ANCESTORS = 8;

export class ProcessSymbols {
  readonly #pid: number;
  readonly #files: MappedFiles;
  readonly #history: ProcessHistory | undefined;
  readonly #opened = new Map<Mapping, UserFile | undefined>();
  #mappings: readonly Mapping[] = [];
  #jit: PerfMapFile | undefined;
  #version: number | undefined;
  #looks = 0;

  constructor(pid: number, files: MappedFiles, history: ProcessHistory | undefined) {
    this.#pid = pid;
    this.#files = files;
    this.#history = history;
    this.#version = this.#record?.version;
    this.#refresh();
  }

  /** Whether the process was ever seen. */
  get known(): boolean {
    return this.#mappings.length > 0;
  }

  /** Whether it has mapped something, or become another program, since it was last looked at. */
  update(): boolean {
    const version = this.#record?.version;
    if (version === this.#version) return false;
    this.#version = version;
    this.#refresh();
    return true;
  }

  /** The mapping that holds an address, looked for again if it may be new. */
  mapping(address: bigint): Mapping | undefined {
    const found = findMapping(this.#mappings, address);
    const limit = this.#history === undefined ? MAX_LOOKS.untold : MAX_LOOKS.told;
    if (found !== undefined || this.#looks >= limit) return found;
    this.#looks++;
    this.#refresh();
    return findMapping(this.#mappings, address);
  }

  place(address: bigint, mapping: Mapping): CodePlace | undefined {
    const file = this.#file(mapping);
    const fileOffset = Number(address - mapping.start + mapping.fileOffset);
    const linked = file?.elf.offsetToAddress(fileOffset - file.mappedOffset, mapping.executable);
    return file === undefined || linked === undefined ? undefined : { file, address: linked };
  }

  /** Code that no file holds; runtimes add to their list while they run. */
  jitSymbol(address: bigint): UserSymbol | undefined {
    const known = this.#history?.madeCode(this.#pid);
    if (known !== undefined) return known.find(address);
    this.#jit ??= new PerfMapFile(this.#pid);
    return this.#jit.find(address);
  }

  get #record(): ReturnType<ProcessHistory['find']> {
    return this.#history?.find(this.#pid);
  }

  /** Of a process that is gone what the kernel told of it, else the old mappings. */
  #refresh(): void {
    const living = livingMappings(this.#pid);
    const told = living.length > 0 ? living : this.#told();
    if (told.length === 0) return;
    this.#mappings = told;
    this.#opened.clear();
    // So that what it maps can be read when it is gone.
    if (told === living) for (const mapping of living) if (mapping.executable) this.#file(mapping);
  }

  #told(): readonly Mapping[] {
    const { mappings = [], isWhole = false } = this.#record ?? {};
    return inOrder(isWhole ? mappings : [...this.#mappings, ...mappings]);
  }

  #file(mapping: Mapping): UserFile | undefined {
    if (this.#opened.has(mapping)) return this.#opened.get(mapping);
    const file = this.#files.open(mapping, this.#relatives());
    this.#opened.set(mapping, file);
    return file;
  }

  /** Itself and its ancestors: a container's processes share a root. */
  #relatives(): readonly number[] {
    const pids = [this.#pid];
    for (let left = MAX_ANCESTORS; left > 0; left--) {
      const parent = this.#history?.find(pids.at(-1) ?? 0)?.parent;
      if (parent === undefined) break;
      pids.push(parent);
    }
    return pids;
  }
}

/** By address; of those that overlap the last. */
function inOrder(mappings: readonly Mapping[]): readonly Mapping[] {
  const kept: Mapping[] = [];
  for (const mapping of mappings.toReversed()) {
    if (kept.every(({ start, end }) => mapping.end <= start || mapping.start >= end)) {
      kept.push(mapping);
    }
  }
  return kept.sort((a, b) => (a.start < b.start ? -1 : 1));
}
