/** Texts that the kernel and other programs write: maps of processes, symbols, mounts, names that compilers made. */
import { Kallsyms, parseTracepointFormat } from '@bpfleet/bpf';
import { ElfError, parseUsdtArgs, usdtProbes, Elf } from '@bpfleet/bpf/elf';
import { cgroupHierarchies } from '../../../packages/agent/src/symbols/cgroup-paths.ts';
import { demangle } from '../../../packages/agent/src/symbols/demangle.ts';
import { PerfMap } from '../../../packages/agent/src/symbols/perf-map.ts';
import { findMapping, parseProcessMaps } from '../../../packages/agent/src/symbols/process-maps.ts';
import { parsePasswd } from '../../../packages/agent/src/symbols/user-names.ts';
import { parseCpuList } from '../../../packages/bpf/src/kernel/cpu-list.ts';
import { fieldDeclarations } from '../../../packages/bpf/src/kernel/tracepoint-format.ts';
import { note, tinyElf } from '../../../packages/bpf/test/elf/tiny-elf.ts';
import { bytesOf, textOf, type FuzzTarget } from '../target.ts';

const MAPS = `55d0c0a00000-55d0c0a01000 r--p 00000000 fe:00 1234                       /usr/bin/cat
55d0c0a01000-55d0c0a05000 r-xp 00001000 fe:00 1234                       /usr/bin/cat
7f0000000000-7f0000002000 r-xp 00026000 fe:00 99                         /opt/a b/lib with blank.so (deleted)
7ffd1e9f4000-7ffd1e9f6000 r-xp 00000000 00:00 0                          [vdso]
`;
const KALLSYMS = `ffffffff81000000 T _stext
ffffffff81000040 t step.cold
0000000000000000 A fixed_percpu_data
ffffffffc0000000 t helper\t[module_a]
`;
const PERF_MAP = `7f0000001000 40 LazyCompile:~work /app/a.js:1
7f0000001040 80 Interpreter
7f0000001000 20 moved
`;
const FORMAT = `name: sched_switch
ID: 316
format:
\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;

\tfield:char prev_comm[16];\toffset:8;\tsize:16;\tsigned:0;
\tfield:__data_loc char[] name;\toffset:24;\tsize:4;\tsigned:0;
\tfield:const char * filename;\toffset:32;\tsize:8;\tsigned:0;

print fmt: "prev=%s", REC->prev_comm
`;

function findNames(text: string): void {
  const symbols = new Kallsyms(new TextEncoder().encode(text));
  void symbols.hasAddresses;
  for (const address of [0n, 0xffff_ffff_8100_0044n, (1n << 64n) - 1n]) symbols.resolve(address);
  symbols.address('_stext');
  for (const { name } of symbols.functions()) void name;
}

function readPerfMap(text: string): void {
  const map = new PerfMap();
  const half = text.length >> 1;
  map.append(text.slice(0, half));
  map.append(text.slice(half));
  for (const address of [0n, 0x7f00_0000_1010n, 1n << 63n]) map.find(address);
}

function readCpuList(given: string): void {
  try {
    parseCpuList(given);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('parse CPU list: '))) throw error;
  }
}

/** A note whose owner and type are right, with what is to be read behind. */
function readNote(input: Uint8Array): void {
  const data = note('stapsdt', 3, input);
  for (const architecture of [62, 183]) {
    const elf = new Elf(tinyElf([{ name: '.note.stapsdt', type: 7, data }], architecture));
    for (const probe of usdtProbes(elf))
      parseUsdtArgs(probe.argsSpec, elf.architecture ?? 'x86_64');
  }
}

function aNote(...texts: readonly string[]): Uint8Array {
  return Buffer.concat([
    Buffer.alloc(24, 8),
    Buffer.from(texts.map((text) => `${text}\0`).join('')),
  ]);
}

type Reader = (text: string) => unknown;

function text(
  name: string,
  seeds: readonly string[],
  read: Reader,
  more: Partial<FuzzTarget> = {},
): FuzzTarget {
  const run = (input: Uint8Array): void => void read(textOf(input));
  return { name, seeds: () => bytesOf(...seeds), mutate: 'text', run, ...more };
}

export const HOST_TEXTS: readonly FuzzTarget[] = [
  text('proc-maps', [MAPS], (given) => findMapping(parseProcessMaps(given), 0x55d0_c0a0_1010n)),
  text('kallsyms', [KALLSYMS], findNames),
  text('perf-map', [PERF_MAP], readPerfMap),
  text('tracepoint-format', [FORMAT], (given) => {
    // Without this line it is no format, and refused.
    parseTracepointFormat(`ID: 1\n${given}`);
    fieldDeclarations(given);
  }),
  text('cpu-list', ['0-3,8,10-11\n'], readCpuList),
  text('passwd', ['root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n'], parsePasswd),
  // Of a type that no directory has, so that only the text is read.
  text('mounts', ['none /nowhere cgroup2 rw 0 0\nnone /no/memory cgroup rw 0 0\n'], (given) =>
    cgroupHierarchies(given.replaceAll(/ \/\S*/g, ' /nowhere')),
  ),
  text(
    'mangled-names',
    [
      '_ZNSt6vectorIiSaIiEE9push_backERKi',
      '_ZZN1a1bEvENKUlT_E_clIiEEDaS0_',
      '_ZN5boost3fooIXadL_Z3barvEEEEvv',
      '_RNvMNtCs1234_7mycrate3fooNtB2_3Bar3baz',
      '_RINvNtC3std3mem8align_ofjdE',
      '_ZN4core3ptr13drop_in_place17h0123456789abcdefE',
    ],
    demangle,
    { mutate: 'bytes' },
  ),
  text(
    'usdt-arguments',
    ['-4@%edi 8@24+mp_(%rip) 1@%r8b -8@$-5', '4@[x0, 8] 8@x19 -4@5'],
    (given) => {
      for (const architecture of ['x86_64', 'arm64'] as const) parseUsdtArgs(given, architecture);
    },
    { refusals: [ElfError] },
  ),
  {
    name: 'usdt-notes',
    seeds: () => [aNote('app', 'taken', '-4@%edi 8@%rsi'), aNote('', '', '')],
    mutate: 'bytes',
    run: readNote,
    refusals: [ElfError],
  },
];
