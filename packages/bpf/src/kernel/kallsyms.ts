/** Kernel symbols by address and by name, from /proc/kallsyms, kept as its text and indexed when first asked. */
import { readFileSync } from 'node:fs';

export interface KernelSymbol {
  readonly name: string;
  /** Bytes from the start of the symbol. */
  readonly offsetBytes: bigint;
  /** Absent for the kernel itself; `bpf` for programs. */
  readonly module?: string;
}

interface Index {
  /** Ascending. */
  readonly addresses: BigUint64Array;
  /** Where in the text the line of each begins. */
  readonly lines: Uint32Array;
}

const NEWLINE = 0x0a;
const BLANK = 0x20;
/** No function is longer; an address further away lies in none. */
const MAX_FUNCTION_BYTES = 1n << 20n;
/** Numbers that are no addresses: offsets of variables that each CPU has, and the like. */
const ABSOLUTE_TYPES: ReadonlySet<number> = new Set(Buffer.from('aA'));
/** Types of symbols in code: local and global text, weak text. */
const TEXT_TYPES: ReadonlySet<number> = new Set(Buffer.from('tTwW'));

export class Kallsyms {
  readonly #text: Buffer;
  #index: Index | undefined;

  /** `text` has the form of /proc/kallsyms: `ffffffff81000000 T _stext\t[module]`. */
  constructor(text: Uint8Array) {
    this.#text = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  }

  /** Reads the symbols of this moment; modules and programs loaded later are not in it. */
  static read(): Kallsyms {
    return new Kallsyms(readFileSync('/proc/kallsyms'));
  }

  /** False where the kernel hides addresses (kernel.kptr_restrict, no CAP_SYSLOG): all of them read as 0. */
  get hasAddresses(): boolean {
    return this.#indexed().addresses.length > 0;
  }

  /** The function or variable that an address lies in; of several names for one address, the first. */
  resolve(address: bigint): KernelSymbol | undefined {
    const { addresses, lines } = this.#indexed();
    let low = 0;
    let high = addresses.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((addresses[middle] ?? 0n) <= address) low = middle + 1;
      else high = middle;
    }
    const start = addresses[low - 1];
    const line = lines[low - 1];
    if (start === undefined || line === undefined) return undefined;
    if (address - start > MAX_FUNCTION_BYTES) return undefined;
    return { ...this.#symbolAt(line), offsetBytes: address - start };
  }

  /** The address of a symbol of any type; undefined if there is none or its address is hidden. */
  address(name: string): bigint | undefined {
    for (const end of ['\n', '\t']) {
      const at = this.#text.indexOf(` ${name}${end}`);
      if (at < 0) continue;
      const line = this.#text.lastIndexOf(NEWLINE, at) + 1;
      const address = addressOf(this.#text.toString('latin1', line, at - 2));
      return address === 0n ? undefined : address;
    }
    return undefined;
  }

  /** All functions, in the order of the file; addresses play no part. */
  *functions(): Generator<Omit<KernelSymbol, 'offsetBytes'>, void, undefined> {
    for (const line of this.#lines()) {
      if (TEXT_TYPES.has(this.#typeAt(line))) yield this.#symbolAt(line);
    }
  }

  /** All functions with their addresses, in the order of the file; none where the kernel hides them. */
  *functionAddresses(): Generator<{ readonly name: string; readonly address: bigint }> {
    for (const line of this.#lines()) {
      if (!TEXT_TYPES.has(this.#typeAt(line))) continue;
      const address = addressOf(
        this.#text.toString('latin1', line, this.#text.indexOf(BLANK, line)),
      );
      if (address !== 0n) yield { name: this.#symbolAt(line).name, address };
    }
  }

  *#lines(): Generator<number, void, undefined> {
    for (let line = 0; line < this.#text.length;) {
      yield line;
      const end = this.#text.indexOf(NEWLINE, line);
      if (end < 0) return;
      line = end + 1;
    }
  }

  #typeAt(line: number): number {
    return this.#text[this.#text.indexOf(BLANK, line) + 1] ?? 0;
  }

  #symbolAt(line: number): Omit<KernelSymbol, 'offsetBytes'> {
    const end = this.#text.indexOf(NEWLINE, line);
    const text = this.#text.toString('latin1', line, end < 0 ? undefined : end);
    const [, , name = '', module] = text.split(/[ \t]+/);
    return module === undefined ? { name } : { name, module: module.slice(1, -1) };
  }

  #indexed(): Index {
    this.#index ??= this.#makeIndex();
    return this.#index;
  }

  #makeIndex(): Index {
    const found: { readonly address: bigint; readonly line: number }[] = [];
    let isSorted = true;
    let previous = 0n;
    for (const line of this.#lines()) {
      if (ABSOLUTE_TYPES.has(this.#typeAt(line))) continue;
      const blank = this.#text.indexOf(BLANK, line);
      const address = addressOf(this.#text.toString('latin1', line, blank));
      if (address === 0n || address === previous) continue;
      isSorted &&= address > previous;
      previous = address;
      found.push({ address, line });
    }
    // The kernel sorts its own symbols; those of modules and programs follow in the order of loading.
    if (!isSorted)
      found.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
    return {
      addresses: BigUint64Array.from(found, ({ address }) => address),
      lines: Uint32Array.from(found, ({ line }) => line),
    };
  }
}

/** 0 for what is no address, as for one that is hidden. */
function addressOf(text: string): bigint {
  return /^[0-9a-f]{1,16}$/i.test(text) ? BigInt(`0x${text}`) : 0n;
}
