/** Names of addresses in user programs, for one session. */
import { readdirSync, readlinkSync } from 'node:fs';
import { DwarfError } from '@bpfleet/bpf/dwarf';
import type { SymbolSettings } from '@bpfleet/lang';
import { UserFile } from '../debug/user-file.ts';
import { symbolAt, type CodePlace, type UserSymbol } from './code-place.ts';
import { demangle } from './demangle.ts';
import { frameTexts, type NamedFrame } from './frame-text.ts';
import { ProcessSymbols } from './process-symbols.ts';

/** Where programs that may be loaded anywhere are when their addresses are not random. */
const FIXED_BASE = 0x5555_5555_4000n;

interface Found {
  /** Undefined for code that no file holds. */
  readonly place: CodePlace | undefined;
  readonly symbol: UserSymbol | undefined;
  /** The path of the file, as the process sees it. */
  readonly module: string | undefined;
}

export interface UserSymbolOptions extends SymbolSettings {
  /** Files with probes of the session: where to look for addresses of processes that are gone. */
  readonly programs: readonly string[];
  readonly debugDirectories: readonly string[];
}

export class UserSymbols {
  readonly #options: UserSymbolOptions;
  readonly #processes = new Map<number, ProcessSymbols>();
  #programs: readonly UserFile[] | undefined;

  constructor(options: UserSymbolOptions) {
    this.#options = options;
  }

  /** Looks at the processes that run the probed programs, for they may be gone when they are asked about. */
  preload(): void {
    const programs = new Set(this.#options.programs);
    if (programs.size === 0) return;
    for (const entry of readdirSync('/proc')) {
      if (!/^\d+$/.test(entry)) continue;
      try {
        if (programs.has(readlinkSync(`/proc/${entry}/exe`))) this.#process(Number(entry));
      } catch {
        continue;
      }
    }
  }

  /** The name alone: what `usym` prints. */
  symbol(pid: number, address: bigint): string {
    const { symbol } = this.#find(pid, address);
    return symbol === undefined ? hex(address) : this.#readable(symbol.name);
  }

  /** The lines of a stack for one address: functions inlined there have lines of their own. */
  frames(pid: number, address: bigint, mode: 'bpftrace' | 'perf'): readonly string[] {
    const { place, symbol, module } = this.#find(pid, address);
    if (symbol === undefined)
      return [mode === 'perf' ? `${hex(address)} ([unknown])` : hex(address)];
    const described = this.#options.debugInfo && place !== undefined ? describe(place) : [];
    const inner = described.slice(0, -1);
    const frames: readonly NamedFrame[] = [
      ...inner.map(({ name, place: at }) => ({ name: this.#readable(name), place: at })),
      { ...symbol, name: this.#readable(symbol.name), place: described.at(-1)?.place },
    ];
    return frameTexts(frames, mode, module);
  }

  #find(pid: number, address: bigint): Found {
    const process = this.#process(pid);
    const mapping = process.mapping(address);
    if (mapping === undefined) {
      const place = process.known ? undefined : this.#inPrograms(address);
      return { place, symbol: place && symbolAt(place), module: place?.file.path };
    }
    const place = process.place(address, mapping);
    const module = mapping.path === '' ? undefined : mapping.path;
    if (place === undefined) return { place, symbol: process.jitSymbol(address), module };
    return { place, symbol: symbolAt(place), module };
  }

  /** Of a process that was never seen: right for programs that are always loaded at the same address. */
  #inPrograms(address: bigint): CodePlace | undefined {
    this.#programs ??= this.#options.programs.flatMap((path) => this.#open(path));
    for (const file of this.#programs) {
      const linked = Number(file.elf.relocatable ? address - FIXED_BASE : address);
      const place = { file, address: linked };
      if (linked >= 0 && symbolAt(place) !== undefined) return place;
    }
    return undefined;
  }

  #open(path: string): readonly UserFile[] {
    try {
      return [
        new UserFile(path, { directories: this.#options.debugDirectories, warn: () => undefined }),
      ];
    } catch {
      return [];
    }
  }

  #process(pid: number): ProcessSymbols {
    let process = this.#processes.get(pid);
    if (process === undefined) {
      process = new ProcessSymbols(pid, this.#options.debugDirectories);
      this.#processes.set(pid, process);
    }
    return process;
  }

  #readable(name: string): string {
    return this.#options.demangle ? demangle(name) : name;
  }
}

/** Damaged debug information is as good as none. */
function describe({
  file,
  address,
}: CodePlace): ReturnType<NonNullable<UserFile['debugInfo']>['framesAt']> {
  try {
    return file.debugInfo?.framesAt(address) ?? [];
  } catch (error) {
    if (error instanceof DwarfError) return [];
    throw error;
  }
}

function hex(address: bigint): string {
  return `0x${address.toString(16)}`;
}
