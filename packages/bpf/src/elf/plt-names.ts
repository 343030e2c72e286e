/**
 * The stubs by which a program calls functions of libraries: no symbol table has them, so that their names are made of the
 * function that each jumps to, `malloc@plt`, as other tools do.
 *
 * A stub jumps to where a slot points; the linker is told by relocations which function belongs into which slot.
 */
import type { Elf, ElfSection } from './elf.ts';
import { ElfError } from './elf-error.ts';
import { RawSymbols, type ElfSymbol } from './raw-symbols.ts';

const SHT_RELA = 4;
const RELOCATION_BYTES = 24;
/** The slot gets what the function at an address gives: of x86-64, and of arm64. */
const IRELATIVE: ReadonlySet<number> = new Set([37, 1032]);
/** `.plt`, and those for functions that are always bound or whose address is taken as well. */
const STUB_SECTIONS = /^\.plt(?:\.sec|\.got|\.bnd)?$/;
/** Stubs begin at multiples of it. */
const STEP_BYTES = 8;
/** None is longer. */
const STUB_BYTES = { x86_64: 16, arm64: 24 } as const;

export class PltNames {
  readonly #elf: Elf;
  readonly #functionAt: (address: number) => string | undefined;
  readonly #sections: readonly ElfSection[];
  #stubs: readonly ElfSymbol[] | undefined;

  /** @param functionAt names the functions of the program itself, for those that it chooses when it starts */
  constructor(elf: Elf, functionAt: (address: number) => string | undefined) {
    this.#elf = elf;
    this.#functionAt = functionAt;
    this.#sections = elf.sections.filter(({ name }) => STUB_SECTIONS.test(name));
  }

  /** Whether an address is in the stubs, of which some may have no name. */
  includes(address: number): boolean {
    return this.#sections.some(
      (one) => address >= one.address && address < one.address + one.sizeBytes,
    );
  }

  /** The stub that an address is in. Damaged tables have none. */
  find(address: number): ElfSymbol | undefined {
    if (!this.includes(address)) return undefined;
    this.#stubs ??= this.#read();
    return this.#stubs.findLast(
      (stub) => address >= stub.address && address < stub.address + stub.sizeBytes,
    );
  }

  #read(): readonly ElfSymbol[] {
    try {
      const slots = readSlots(this.#elf, this.#functionAt);
      return this.#sections.flatMap((section) => readStubs(this.#elf, section, slots));
    } catch (error) {
      if (error instanceof ElfError) return [];
      throw error;
    }
  }
}

/** Names of functions by the address of the slot that will point to them. */
function readSlots(
  elf: Elf,
  functionAt: (address: number) => string | undefined,
): ReadonlyMap<number, string> {
  const slots = new Map<number, string>();
  for (const section of elf.sections) {
    if (section.type !== SHT_RELA) continue;
    const link = elf.sections[section.link];
    const symbols = link === undefined ? undefined : new RawSymbols(elf, link);
    const bytes = elf.sectionBytes(section);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at + RELOCATION_BYTES <= bytes.length; at += RELOCATION_BYTES) {
      const kind = view.getUint32(at + 8, true);
      const index = view.getUint32(at + 12, true);
      const name = IRELATIVE.has(kind)
        ? functionAt(word(view, at + 16))
        : index > 0 && symbols !== undefined && index < symbols.count
          ? symbols.name(index)
          : undefined;
      if (name !== undefined && name !== '') slots.set(word(view, at), name);
    }
  }
  return slots;
}

/** Exact up to 2⁵³, beyond which no program is. */
function word(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
}

/** Each reaches from where the code before it ends to its jump. */
function readStubs(
  elf: Elf,
  section: ElfSection,
  slots: ReadonlyMap<number, string>,
): readonly ElfSymbol[] {
  const bytes = elf.sectionBytes(section);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const longest = STUB_BYTES[elf.architecture ?? 'x86_64'];
  const slotOf = elf.architecture === 'arm64' ? slotOfArm64 : slotOfX86;
  const found: { readonly at: number; readonly name: string }[] = [];
  for (let at = 0; at + STEP_BYTES <= bytes.length; at += STEP_BYTES) {
    const slot = slotOf(view, at, section.address + at);
    const name = slot === undefined ? undefined : slots.get(slot);
    if (name !== undefined) found.push({ at, name });
  }
  return found.map(({ at, name }, index) => ({
    name: `${name}@plt`,
    kind: 'function',
    address: section.address + at,
    sizeBytes: Math.min(found[index + 1]?.at ?? bytes.length, at + longest) - at,
    global: false,
  }));
}

/** `jmp *slot(%rip)`, after `endbr64` or `bnd` if there are those. */
function slotOfX86(view: DataView, start: number, address: number): number | undefined {
  let at = start;
  if (at + 4 <= view.byteLength && view.getUint32(at, true) === 0xfa1e_0ff3) at += 4;
  if (at < view.byteLength && view.getUint8(at) === 0xf2) at++;
  if (at + 6 > view.byteLength || view.getUint16(at, true) !== 0x25ff) return undefined;
  return address + (at - start) + 6 + view.getInt32(at + 2, true);
}

/** `adrp x16, page; ldr x17, [x16, #offset]`, after `bti c` if there is that. */
function slotOfArm64(view: DataView, start: number, address: number): number | undefined {
  const isMarked = view.getUint32(start, true) === 0xd503_245f;
  const at = isMarked ? start + 4 : start;
  if (at + 8 > view.byteLength) return undefined;
  const adrp = view.getUint32(at, true);
  const ldr = view.getUint32(at + 4, true);
  if ((adrp & 0x9f00_001f) >>> 0 !== 0x9000_0010) return undefined;
  if ((ldr & 0xffc0_03ff) >>> 0 !== 0xf940_0211) return undefined;
  // 21 bits with a sign, the lowest two of which are apart.
  const pages = (((adrp << 8) >> 13) << 2) | ((adrp >>> 29) & 3);
  const page = Math.floor((address + (at - start)) / 4096) * 4096;
  return page + pages * 4096 + ((ldr >>> 10) & 0xfff) * 8;
}
