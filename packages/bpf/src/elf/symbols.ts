/** Functions and variables of an ELF file by name and by address, from its static and its dynamic symbols. */
import type { Elf, ElfSection } from './elf.ts';
import { ElfReader } from './elf-reader.ts';

export interface ElfSymbol {
  /** Without the version that a linker may add (`malloc@@GLIBC_2.2.5`). */
  readonly name: string;
  /** An `ifunc` is a function that returns the address of the one to call. */
  readonly kind: 'function' | 'ifunc' | 'object';
  /** Address for which the file was linked. */
  readonly address: number;
  /** 0 where the assembler was not told. */
  readonly sizeBytes: number;
  readonly global: boolean;
}

const SYMBOL_BYTES = 24;
const SHN_UNDEF = 0;
const STB_LOCAL = 0;
const symbolTableTypes: ReadonlySet<number> = new Set([2, 11]);
const kinds: ReadonlyMap<number, ElfSymbol['kind']> = new Map([
  [1, 'object'],
  [2, 'function'],
  [10, 'ifunc'],
]);

export class SymbolTable {
  readonly #elf: Elf;
  readonly #symbols: readonly ElfSymbol[];
  #functions: readonly ElfSymbol[] | undefined;
  #byName: ReadonlyMap<string, readonly ElfSymbol[]> | undefined;

  /**
   * @param code the file with the code itself, where the symbols were split off it
   * @throws ElfError if a symbol table is damaged.
   */
  constructor(elf: Elf, code: Elf = elf) {
    this.#elf = code;
    this.#symbols = [...readSymbols(elf)];
  }

  /** Functions by address; of several names for one address, each. */
  get functions(): readonly ElfSymbol[] {
    if (this.#functions === undefined) {
      const all = this.#symbols.filter(({ kind }) => kind !== 'object').sort(byAddress);
      // Most dynamic symbols are among the static ones too.
      this.#functions = all.filter((symbol, index) => !isSame(symbol, all[index - 1]));
    }
    return this.#functions;
  }

  /** The symbol of this name; of several, a global one before those that are local to a source file. */
  find(name: string): ElfSymbol | undefined {
    const all = this.findAll(name);
    return all.find(({ global }) => global) ?? all[0];
  }

  /** All symbols of this name: a static function may occur once in each source file. */
  findAll(name: string): readonly ElfSymbol[] {
    this.#byName ??= groupByName(this.#symbols);
    const all = this.#byName.get(name) ?? [];
    return [...new Map(all.map((symbol) => [symbol.address, symbol])).values()];
  }

  /** The function an address lies in. One without a size reaches to the next. */
  findByAddress(address: number): ElfSymbol | undefined {
    const functions = this.functions;
    let low = 0;
    let high = functions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((functions[middle]?.address ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    const found = functions[low - 1];
    if (found === undefined) return undefined;
    return found.sizeBytes === 0 || address < found.address + found.sizeBytes ? found : undefined;
  }

  /** Where a symbol starts in the file, as uprobes want it; undefined for one that is not in the file. */
  fileOffset(symbol: ElfSymbol): number | undefined {
    return this.#elf.addressToOffset(symbol.address);
  }
}

function groupByName(symbols: readonly ElfSymbol[]): ReadonlyMap<string, readonly ElfSymbol[]> {
  const groups = new Map<string, ElfSymbol[]>();
  for (const symbol of symbols) {
    const group = groups.get(symbol.name);
    if (group === undefined) groups.set(symbol.name, [symbol]);
    else group.push(symbol);
  }
  return groups;
}

/** At one address the better name comes last, where the search by address finds it: global, then with a size. */
function byAddress(a: ElfSymbol, b: ElfSymbol): number {
  return (
    a.address - b.address ||
    Number(a.global) - Number(b.global) ||
    Math.sign(a.sizeBytes) - Math.sign(b.sizeBytes) ||
    (a.name < b.name ? -1 : Number(a.name > b.name))
  );
}

function isSame(a: ElfSymbol, b: ElfSymbol | undefined): boolean {
  return a.address === b?.address && a.name === b.name;
}

function* readSymbols(elf: Elf): Generator<ElfSymbol> {
  for (const section of elf.sections) {
    if (symbolTableTypes.has(section.type)) yield* readTable(elf, section);
  }
}

function* readTable(elf: Elf, section: ElfSection): Generator<ElfSymbol> {
  const stringSection = elf.sections[section.link];
  if (stringSection === undefined) return;
  const strings = new ElfReader(elf.sectionBytes(stringSection));
  const table = new ElfReader(elf.sectionBytes(section));
  for (let at = 0; at + SYMBOL_BYTES <= table.bytes.length; at += SYMBOL_BYTES) {
    const nameOffset = table.u32(at);
    const info = table.u8(at + 4);
    const kind = kinds.get(info & 0xf);
    if (kind === undefined || nameOffset === 0 || table.u16(at + 6) === SHN_UNDEF) continue;
    const versioned = strings.string(nameOffset);
    const version = versioned.indexOf('@');
    yield {
      name: version === -1 ? versioned : versioned.slice(0, version),
      kind,
      address: table.u64(at + 8),
      sizeBytes: table.u64(at + 16),
      global: info >> 4 !== STB_LOCAL,
    };
  }
}
