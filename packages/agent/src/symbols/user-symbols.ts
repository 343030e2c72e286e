/** Names of addresses in user programs, for one session. */
import { readdirSync, statSync } from 'node:fs';
import { DwarfError } from '@bpfleet/bpf/dwarf';
import type { SymbolSettings } from '@bpfleet/lang';
import { addressText } from '@bpfleet/protocol';
import { inArchive, UserFile } from '../debug/user-file.ts';
import { symbolAt, type CodePlace, type UserSymbol } from './code-place.ts';
import { demangle } from './demangle.ts';
import { frameTexts, type NamedFrame } from './frame-text.ts';
import { MappedFiles } from './mapped-files.ts';
import type { ProcessHistory } from './process-history.ts';
import { ProcessSymbols } from './process-symbols.ts';

type Mode = 'bpftrace' | 'perf';

/** Of so many processes what is known is kept, and of each the names of so many addresses. */
const MAX_PROCESSES = 4096;
const MAX_NAMES = 65_536;

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
  /** What is known of processes that are gone; without, only what was seen of them here. */
  readonly history: () => ProcessHistory | undefined;
}

interface Known {
  readonly symbols: ProcessSymbols;
  /** By address: the lines of frames in files. */
  readonly frames: Readonly<Record<Mode, Map<bigint, readonly string[]>>>;
}

export class UserSymbols {
  readonly #options: UserSymbolOptions;
  #files: MappedFiles;
  readonly #processes = new Map<number, Known>();
  /** Readable names by those in symbol tables. */
  readonly #demangled = new Map<string, string>();
  #forgetting = false;
  #programs: readonly UserFile[] | undefined;

  constructor(options: UserSymbolOptions) {
    this.#options = options;
    this.#files = new MappedFiles(options.debugDirectories);
  }

  /** Looks at the probed programs and the processes that run them, for they may be gone when they are asked about. */
  preload(): void {
    if (!this.#options.cached) return;
    const programs = new Set<string>();
    for (const path of this.#options.programs) {
      const file = identity(path);
      if (file === undefined) continue;
      programs.add(file);
      this.#files.keep(path);
    }
    if (programs.size === 0) return;
    for (const entry of readdirSync('/proc')) {
      if (!/^\d+$/.test(entry)) continue;
      const program = identity(`/proc/${entry}/exe`);
      if (program !== undefined && programs.has(program)) this.#process(Number(entry));
    }
  }

  /** The name alone: what `usym` prints. */
  symbol(pid: number, address: bigint): string {
    const { symbol } = this.#find(this.#process(pid).symbols, address);
    return symbol === undefined ? addressText(address) : this.#readable(symbol.name);
  }

  /** The lines of a stack for one address: functions inlined there have lines of their own. */
  frames(pid: number, address: bigint, mode: Mode): readonly string[] {
    const { symbols, frames } = this.#process(pid);
    const known = frames[mode].get(address);
    if (known !== undefined) return known;
    const found = this.#find(symbols, address);
    const lines = this.#lines(found, address, mode);
    // What a just-in-time compiler made may be something else the next time.
    if (found.place !== undefined) {
      if (frames[mode].size >= MAX_NAMES) frames[mode].clear();
      frames[mode].set(address, lines);
    }
    return lines;
  }

  #lines({ place, symbol, module }: Found, address: bigint, mode: Mode): readonly string[] {
    if (symbol === undefined)
      return [mode === 'perf' ? `${addressText(address)} ([unknown])` : addressText(address)];
    const described = this.#options.debugInfo && place !== undefined ? describe(place) : [];
    const inner = described.slice(0, -1);
    const frames: readonly NamedFrame[] = [
      ...inner.map(({ name, place: at }) => ({ name: this.#readable(name), place: at })),
      { ...symbol, name: this.#readable(symbol.name), place: described.at(-1)?.place },
    ];
    return frameTexts(frames, mode, module);
  }

  #find(process: ProcessSymbols, address: bigint): Found {
    const mapping = process.mapping(address);
    if (mapping === undefined) {
      const place = process.known || !this.#options.cached ? undefined : this.#inPrograms(address);
      return { place, symbol: place && symbolAt(place), module: place?.file.path };
    }
    const place = process.place(address, mapping);
    const { member } = place?.file ?? {};
    const path = member === undefined ? mapping.path : inArchive(mapping.path, member);
    const module = path === '' ? undefined : path;
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

  /** Of what is not to be kept, a moment later: the addresses of one stack come one after the other. */
  #forgetSoon(): void {
    if (this.#options.cached || this.#forgetting) return;
    this.#forgetting = true;
    setImmediate(() => {
      this.#forgetting = false;
      this.#processes.clear();
      this.#programs = undefined;
      this.#files = new MappedFiles(this.#options.debugDirectories);
    });
  }

  #process(pid: number): Known {
    this.#forgetSoon();
    const history = this.#options.history();
    history?.update();
    const known = this.#processes.get(pid);
    if (known !== undefined) {
      if (known.symbols.update()) for (const names of Object.values(known.frames)) names.clear();
      return known;
    }
    const [oldest] = this.#processes.keys();
    if (this.#processes.size >= MAX_PROCESSES && oldest !== undefined) {
      this.#processes.delete(oldest);
    }
    const symbols = new ProcessSymbols(
      pid,
      this.#files,
      this.#options.cached ? history : undefined,
    );
    const seen = { symbols, frames: { bpftrace: new Map(), perf: new Map() } };
    this.#processes.set(pid, seen);
    return seen;
  }

  #readable(name: string): string {
    if (!this.#options.demangle) return name;
    const known = this.#demangled.get(name);
    if (known !== undefined) return known;
    if (this.#demangled.size >= MAX_NAMES) this.#demangled.clear();
    const readable = demangle(name);
    this.#demangled.set(name, readable);
    return readable;
  }
}

/** The same for all paths that lead to a file. */
function identity(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
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
