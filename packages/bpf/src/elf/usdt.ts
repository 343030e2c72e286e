/**
 * USDT: the static probes that `DTRACE_PROBE` and `STAP_PROBE` leave in a program as notes.
 *
 * Format: https://sourceware.org/systemtap/wiki/UserSpaceProbeImplementation
 */
import type { Elf } from './elf.ts';
import { ElfReader } from './elf-reader.ts';
import { readNotes } from './notes.ts';

export interface UsdtProbe {
  readonly provider: string;
  readonly name: string;
  /** Address for which the file was linked of the instruction to trap. */
  readonly address: number;
  /** The same as a place in the file, as uprobes want it. */
  readonly fileOffset: number;
  /** Place in the file of the 16-bit counter that enables the probe while it is not 0. */
  readonly semaphoreOffset?: number;
  /** Where the arguments are, in the words of the assembler; `parseUsdtArgs` reads them. */
  readonly argsSpec: string;
}

const SECTION = '.note.stapsdt';
const OWNER = 'stapsdt';
const NT_STAPSDT = 3;
/** Location, base and semaphore: three addresses ahead of the strings. */
const STRINGS_AT = 24;

/**
 * All probes of a file in the order of their notes; one probe has a note for each place it is inlined at. Probes whose
 * address no segment holds are left out: they cannot be reached.
 * @throws ElfError for damaged notes.
 */
export function usdtProbes(elf: Elf): UsdtProbe[] {
  const section = elf.section(SECTION);
  if (section === undefined) return [];
  // Prelinking moves addresses but not notes: how far shows by the section that marks the base.
  const base = elf.section('.stapsdt.base')?.address;
  const probes: UsdtProbe[] = [];
  for (const note of readNotes(elf.sectionBytes(section), section.alignment)) {
    if (note.owner !== OWNER || note.type !== NT_STAPSDT) continue;
    const probe = readProbe(elf, note.description, base);
    if (probe !== undefined) probes.push(probe);
  }
  return probes;
}

function readProbe(
  elf: Elf,
  description: Uint8Array,
  base: number | undefined,
): UsdtProbe | undefined {
  const reader = new ElfReader(description);
  const notedBase = reader.u64(8);
  const moved = base === undefined || notedBase === 0 ? 0 : base - notedBase;
  const address = reader.u64(0) + moved;
  const semaphore = reader.u64(16);
  const providerAt = STRINGS_AT;
  const nameAt = stringEnd(description, providerAt);
  const argsAt = stringEnd(description, nameAt);
  const fileOffset = elf.addressToOffset(address);
  if (fileOffset === undefined) return undefined;
  const semaphoreOffset = semaphore === 0 ? undefined : elf.addressToOffset(semaphore + moved);
  return {
    provider: reader.string(providerAt),
    name: reader.string(nameAt),
    address,
    fileOffset,
    ...(semaphoreOffset === undefined ? {} : { semaphoreOffset }),
    argsSpec: reader.string(argsAt),
  };
}

/** Start of what follows the string at `at`; the length of `bytes` if nothing does. */
function stringEnd(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(0, at);
  return end === -1 ? bytes.length : end + 1;
}
