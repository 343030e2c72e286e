/** Functions and variables of a program by name and by address, from its static and its dynamic symbols. */
import type { Elf } from './elf.ts';
import { RawSymbols, type ElfSymbol } from './raw-symbols.ts';
import { SymbolsByAddress, type SymbolReference } from './symbols-by-address.ts';

const symbolTableTypes: ReadonlySet<number> = new Set([2, 11]);

/** How many symbols that start later may lie within a function. */
const MAX_NESTED = 16;

/** The better name of one place comes first. */
const kindOrder: readonly ElfSymbol['kind'][] = ['function', 'ifunc', 'object', 'label'];

export class SymbolTable {
  readonly #code: Elf;
  readonly #tables: readonly RawSymbols[];
  #byAddress: SymbolsByAddress | undefined;
  #functions: readonly ElfSymbol[] | undefined;

  /**
   * @param files that hold symbols of the program
   * @param code the file with the code itself, where the symbols were split off it
   * @throws ElfError if a symbol table lies outside its file.
   */
  constructor(files: Elf | readonly Elf[], code?: Elf) {
    const all = 'sections' in files ? [files] : files;
    const [first] = all;
    const program = code ?? first;
    if (program === undefined) throw new RangeError('symbols of no file');
    this.#code = program;
    this.#tables = all.flatMap((elf) =>
      elf.sections
        .filter(({ type }) => symbolTableTypes.has(type))
        .map((section) => new RawSymbols(elf, section)),
    );
  }

  /** Functions by address; of several names for one address, each. */
  get functions(): readonly ElfSymbol[] {
    this.#functions ??= this.#readFunctions();
    return this.#functions;
  }

  /** The symbol of this name; of several, a global one before those that are local to a source file. */
  find(name: string): ElfSymbol | undefined {
    const all = this.findAll(name);
    return all.find(({ global }) => global) ?? all[0];
  }

  /** All symbols of this name: a static function may occur once in each source file. */
  findAll(name: string): readonly ElfSymbol[] {
    const found = new Map<number, ElfSymbol>();
    for (const table of this.#tables) {
      for (const index of table.named(name)) {
        const kind = table.kind(index);
        if (kind === undefined || found.has(table.address(index))) continue;
        found.set(table.address(index), table.symbol(index, kind));
      }
    }
    return [...found.values()];
  }

  /**
   * What an address lies in: of all that start nearest before it the longest, as blazesym has it. One without a size
   * reaches to the next.
   */
  findByAddress(address: number): ElfSymbol | undefined {
    const sorted = this.#sorted();
    let last = sorted.lastUpTo(address);
    for (let left = MAX_NESTED; left > 0 && last >= 0; left--) {
      const start = sorted.address(last);
      const first = sorted.lastUpTo(start - 1) + 1;
      const found = this.#longest(first, last, address, left === MAX_NESTED);
      if (found !== undefined) return found;
      last = first - 1;
    }
    return undefined;
  }

  /** Where a symbol starts in the file, as uprobes want it; undefined for one that is not in the file. */
  fileOffset(symbol: ElfSymbol): number | undefined {
    return this.#code.addressToOffset(symbol.address);
  }

  #sorted(): SymbolsByAddress {
    this.#byAddress ??= new SymbolsByAddress(this.#tables);
    return this.#byAddress;
  }

  /** @param nearest that no other symbol starts between these and the address */
  #longest(first: number, last: number, address: number, nearest: boolean): ElfSymbol | undefined {
    let best: ElfSymbol | undefined;
    for (let position = first; position <= last; position++) {
      const { table, index } = this.#sorted().reference(position);
      if (!holds(table, index, address, nearest)) continue;
      const symbol = symbolOf({ table, index });
      if (best === undefined || compare(symbol, best) < 0) best = symbol;
    }
    return best;
  }

  #readFunctions(): readonly ElfSymbol[] {
    const sorted = this.#sorted();
    const functions: ElfSymbol[] = [];
    let group: ElfSymbol[] = [];
    const close = (): void => {
      functions.push(...group.sort(compareNames));
      group = [];
    };
    for (let position = 0; position < sorted.count; position++) {
      const { table, index } = sorted.reference(position);
      const kind = table.kind(index);
      if (kind !== 'function' && kind !== 'ifunc') continue;
      if (group[0]?.address !== sorted.address(position)) close();
      const symbol = table.symbol(index, kind);
      // Most dynamic symbols are among the static ones too.
      if (group.every(({ name }) => name !== symbol.name)) group.push(symbol);
    }
    close();
    return functions;
  }
}

function holds(table: RawSymbols, index: number, address: number, nearest: boolean): boolean {
  const start = table.address(index);
  const size = table.sizeBytes(index);
  if (size > 0) return address < start + size;
  return nearest && (!table.isDynamic || address === start);
}

function symbolOf({ table, index }: SymbolReference): ElfSymbol {
  return table.symbol(index, table.kind(index) ?? 'label');
}

function compare(a: ElfSymbol, b: ElfSymbol): number {
  return (
    b.sizeBytes - a.sizeBytes ||
    Number(b.global) - Number(a.global) ||
    kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) ||
    -compareNames(a, b)
  );
}

/** At one address: global and with a size after those that are not. */
function compareNames(a: ElfSymbol, b: ElfSymbol): number {
  return (
    Number(a.global) - Number(b.global) ||
    Math.sign(a.sizeBytes) - Math.sign(b.sizeBytes) ||
    (a.name < b.name ? -1 : Number(a.name > b.name))
  );
}
