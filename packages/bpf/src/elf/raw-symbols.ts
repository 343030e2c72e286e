/** One symbol table of an ELF file as it is in the file: symbols are looked at where they are, names when asked for. */
import type { Elf, ElfSection } from './elf.ts';

export interface ElfSymbol {
  /** Without the version that a linker may add (`malloc@@GLIBC_2.2.5`). */
  readonly name: string;
  /** An `ifunc` is a function that returns the address of the one to call; a `label` a place the assembler named. */
  readonly kind: 'function' | 'ifunc' | 'object' | 'label';
  /** Address for which the file was linked. */
  readonly address: number;
  /** 0 where the assembler was not told. */
  readonly sizeBytes: number;
  readonly global: boolean;
}

const SYMBOL_BYTES = 24;
const SHN_UNDEF = 0;
/** Sections from here on are none: absolute values and the like. */
const SHN_LORESERVE = 0xff00;
const SHN_XINDEX = 0xffff;
const STB_LOCAL = 0;
const SHT_DYNSYM = 11;
const NUL = 0;
/** `@`, before a version. */
const AT_SIGN = 0x40;
/** Mangled names reach some tens of thousands; a damaged table must not yield the whole file over and over. */
const MAX_NAME_BYTES = 65_536;

const kinds: ReadonlyMap<number, ElfSymbol['kind']> = new Map([
  [0, 'label'],
  [1, 'object'],
  [2, 'function'],
  [10, 'ifunc'],
]);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class RawSymbols {
  readonly count: number;
  /** What a running program is linked by: few of its symbols, so that one does not reach to the next. */
  readonly isDynamic: boolean;
  readonly #view: DataView;
  readonly #strings: Uint8Array;

  /** @throws ElfError if it or its names lie outside the file. */
  constructor(elf: Elf, section: ElfSection) {
    const bytes = elf.sectionBytes(section);
    const link = elf.sections[section.link];
    const strings = link === undefined ? new Uint8Array() : elf.sectionBytes(link);
    this.isDynamic = section.type === SHT_DYNSYM;
    this.count = Math.floor(bytes.length / SYMBOL_BYTES);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#strings = strings;
  }

  /** Undefined for what is no place in this file. */
  kind(index: number): ElfSymbol['kind'] | undefined {
    const at = index * SYMBOL_BYTES;
    const section = this.#view.getUint16(at + 6, true);
    if (section === SHN_UNDEF || (section >= SHN_LORESERVE && section !== SHN_XINDEX)) {
      return undefined;
    }
    const name = this.#view.getUint32(at, true);
    if (name === 0 || name >= this.#strings.length) return undefined;
    const kind = kinds.get(this.#view.getUint8(at + 4) & 0xf);
    // `$x` and the like tell what kind of bytes follow.
    return kind === 'label' && this.#strings[name] === 0x24 ? undefined : kind;
  }

  address(index: number): number {
    return this.#word(index * SYMBOL_BYTES + 8);
  }

  sizeBytes(index: number): number {
    return this.#word(index * SYMBOL_BYTES + 16);
  }

  isGlobal(index: number): boolean {
    return this.#view.getUint8(index * SYMBOL_BYTES + 4) >> 4 !== STB_LOCAL;
  }

  name(index: number): string {
    const start = this.#view.getUint32(index * SYMBOL_BYTES, true);
    const nul = this.#strings.indexOf(NUL, start);
    const limit = Math.min(nul === -1 ? this.#strings.length : nul, start + MAX_NAME_BYTES);
    const versioned = decoder.decode(this.#strings.subarray(start, limit));
    const version = versioned.indexOf('@');
    return version === -1 ? versioned : versioned.slice(0, version);
  }

  symbol(index: number, kind: ElfSymbol['kind']): ElfSymbol {
    return {
      name: this.name(index),
      kind,
      address: this.address(index),
      sizeBytes: this.sizeBytes(index),
      global: this.isGlobal(index),
    };
  }

  /** Symbols of this name, with any version. */
  *named(name: string): Generator<number> {
    const wanted = encoder.encode(name);
    for (let index = 0; index < this.count; index++) {
      if (this.#isNamed(this.#view.getUint32(index * SYMBOL_BYTES, true), wanted)) yield index;
    }
  }

  #isNamed(start: number, wanted: Uint8Array): boolean {
    const next = this.#strings[start + wanted.length] ?? NUL;
    if (next !== NUL && next !== AT_SIGN) return false;
    for (let at = 0; at < wanted.length; at++) {
      if (this.#strings[start + at] !== wanted[at] || wanted[at] === AT_SIGN) return false;
    }
    return wanted.length > 0;
  }

  /** Exact up to 2⁵³, beyond which no user program is. */
  #word(at: number): number {
    return this.#view.getUint32(at + 4, true) * 2 ** 32 + this.#view.getUint32(at, true);
  }
}
