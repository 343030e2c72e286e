/** ELF files, their notes and symbols, debug information, BTF and packed data: from any process that somebody runs. */
import { inflateSync } from 'node:zlib';
import {
  Btf,
  BtfError,
  cDefinition,
  cTypeName,
  functionArgs,
  memberNames,
  sizeOf,
} from '@bpfleet/bpf/btf';
import {
  DebugInfo,
  DwarfError,
  functionSignature,
  parameterTexts,
  readSections,
  TypeImage,
  typeTags,
  type Die,
  type Inflate,
} from '@bpfleet/bpf/dwarf';
import {
  byteSource,
  commonDebugLink,
  Elf,
  ElfError,
  lookupLibrary,
  memberSource,
  miniDebugInfo,
  PltNames,
  SymbolTable,
  usdtProbes,
  zipMember,
  zipMemberAt,
} from '@bpfleet/bpf/elf';
import { fileRows } from '../../../packages/agent/src/unwind/file-rows.ts';
import { tinyBlob } from '../../../packages/bpf/test/btf/tiny-btf.ts';
import { UnpackError } from '../../../packages/bpf/src/unpack/unpack-error.ts';
import { unpackXz } from '../../../packages/bpf/src/unpack/xz.ts';
import { unpackZstd } from '../../../packages/bpf/src/unpack/zstd.ts';
import type { FuzzTarget } from '../target.ts';
import { aLinkerCache, anArchive } from './tiny-files.ts';

const NONE = (): readonly Uint8Array[] => [];
const inflate: Inflate = (packed, sizeBytes) =>
  inflateSync(packed, { maxOutputLength: Math.max(1, sizeBytes) });
const UNPACKED_BYTES = 1 << 24;
/** Of an input of kilobytes; more would only repeat. */
const MAX_QUESTIONS = 40;

/** Each question by itself: damage in one part does not keep the others from being read. */
function each(...questions: readonly (() => unknown)[]): void {
  for (const ask of questions) {
    try {
      ask();
    } catch (error) {
      if (!(error instanceof ElfError || error instanceof DwarfError || error instanceof BtfError))
        throw error;
    }
  }
}

function readElf(input: Uint8Array): void {
  const elf = new Elf(input);
  each(
    () => elf.buildId,
    () => elf.debugLink,
    () => commonDebugLink(elf),
    () => miniDebugInfo(elf),
    () => usdtProbes(elf),
    () => fileRows(elf),
    () => {
      const symbols = new SymbolTable(elf);
      symbols.find('take');
      const nameAt = (address: number): string | undefined => symbols.findByAddress(address)?.name;
      const stubs = new PltNames(elf, nameAt);
      for (const symbol of symbols.functions.slice(0, MAX_QUESTIONS)) {
        symbols.findByAddress(symbol.address + 1);
        symbols.fileOffset(symbol);
      }
      for (const { address } of elf.sections) if (stubs.includes(address)) stubs.find(address);
    },
  );
  for (const { fileOffset } of elf.segments) elf.offsetToAddress(fileOffset);
}

function readDwarf(input: Uint8Array): void {
  const elf = new Elf(input);
  const symbols = new SymbolTable(elf);
  const info = new DebugInfo(readSections(elf, inflate));
  const functions = symbols.functions.slice(0, MAX_QUESTIONS);
  each(
    ...functions.flatMap(({ address }) => [
      () => {
        const die = info.functionAt(address);
        if (die !== undefined) readFunction(die);
      },
      () => info.framesAt(address + 5),
    ]),
    ...[1, 9, 12].map((line) => () => info.lineAddress({ file: 's.c', line, column: 0 })),
    ...(['struct', 'union', 'enum', ''] as const).map((kind) => () => {
      const die = info.typeNamed(kind === 'enum' ? 'colour' : 'outer', typeTags[kind]);
      if (die === undefined) return;
      const image = new TypeImage(() => true);
      image.add(die);
      readBtf(image.bytes());
    }),
  );
}

function readFunction(die: Die): void {
  each(
    () => functionSignature(die, 'x86_64'),
    () => functionSignature(die, 'arm64'),
    () => parameterTexts(die),
  );
}

function readBtf(input: Uint8Array): void {
  const btf = new Btf(input);
  each(
    () => functionArgs(btf, 'take'),
    () => btf.findEnumerator('RED'),
  );
  for (let id = 0; id < MAX_QUESTIONS; id++) {
    each(
      () => sizeOf(btf, id),
      () => memberNames(btf, id),
      () => cTypeName(btf, id),
      () => cDefinition(btf, id),
    );
  }
  for (const kind of ['struct', 'func', 'enum', 'typedef'] as const) {
    each(() => [...btf.namesOf(kind)].map(([, name]) => btf.findByName(name, kind)));
  }
}

function readArchive(input: Uint8Array): void {
  const archive = byteSource(input);
  const member = zipMember(archive, 'lib/x.so') ?? zipMemberAt(archive, 60);
  if (member !== undefined) memberSource(archive, member).read(0, member.sizeBytes);
}

export const BINARY_FILES: readonly FuzzTarget[] = [
  { name: 'elf', seeds: NONE, mutate: 'bytes', run: readElf, refusals: [ElfError] },
  {
    name: 'dwarf',
    seeds: NONE,
    shares: ['elf'],
    mutate: 'bytes',
    run: readDwarf,
    refusals: [ElfError, DwarfError],
    testRuns: 300,
  },
  { name: 'btf', seeds: () => [tinyBlob()], mutate: 'bytes', run: readBtf, refusals: [BtfError] },
  {
    name: 'xz',
    seeds: NONE,
    mutate: 'bytes',
    run: (input) => void unpackXz(input, UNPACKED_BYTES),
    refusals: [UnpackError],
  },
  {
    name: 'zstd',
    seeds: NONE,
    mutate: 'bytes',
    run: (input) => void unpackZstd(input, UNPACKED_BYTES),
    refusals: [UnpackError],
  },
  {
    name: 'zip',
    seeds: () => [anArchive()],
    mutate: 'bytes',
    run: readArchive,
    refusals: [ElfError],
  },
  {
    name: 'ld-cache',
    seeds: () => [aLinkerCache()],
    mutate: 'bytes',
    run: (input) => {
      for (const name of ['libc.so.6', 'x']) lookupLibrary(input, name, 'x86_64');
    },
    refusals: [ElfError],
  },
];
