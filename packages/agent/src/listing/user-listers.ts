/** Listing of the functions and USDT probes of files. */
import { DwarfError, parameterTexts } from '@bpfleet/bpf/dwarf';
import { ElfError, usdtProbes } from '@bpfleet/bpf/elf';
import { UserFile, type DebugSettings } from '../debug/user-file.ts';
import { demangleItanium } from '../symbols/itanium/demangle-itanium.ts';
import { cppMatcher } from '../target/cpp-names.ts';
import { findBinaries } from '../target/find-binaries.ts';
import type { Machine } from '../target/machine.ts';
import { matcher } from '../target/wildcard.ts';
import {
  NoSuchFileError,
  type ListedProbe,
  type ListPattern,
  type ProbeLister,
} from './probe-lister.ts';

type ParametersOf = (
  file: UserFile,
  name: string,
  /** Called for what cannot be shown. */
  warn: (message: string) => void,
) => readonly string[];

function uprobeLister(provider: 'uprobe' | 'uretprobe', parametersOf: ParametersOf): ProbeLister {
  return {
    provider,
    *list(machine, pattern): Generator<ListedProbe> {
      const { files, rest } = open(machine, provider, pattern);
      const inCpp = /^cpp:"?(.*?)"?$/.exec(rest)?.[1];
      const matches = inCpp === undefined ? matcher(rest) : cppMatcher(inCpp);
      const warn = onceEach(pattern.debug.warn);
      for (const file of files) {
        const names = new Set(file.symbols.functions.map((symbol) => symbol.name));
        for (const name of names) {
          if (!matches(name)) continue;
          const written = inCpp === undefined ? name : `cpp:${quoted(name)}`;
          yield {
            name: `${provider}:${file.path}:${written}`,
            parameters: () => parametersOf(file, name, warn),
          };
        }
      }
    },
  };
}

function onceEach(warn: (message: string) => void): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (!said.has(message)) warn(message);
    said.add(message);
  };
}

/** An attach point can be made of it: what is in readable names would end it. */
function quoted(name: string): string {
  const readable = demangleItanium(name);
  return readable === undefined ? name : `"${readable}"`;
}

/** None for a function without debug information, and none where that is damaged. */
function parametersOf(
  { path, symbols, debugInfo }: UserFile,
  name: string,
  warn: (message: string) => void,
): readonly string[] {
  if (debugInfo === undefined) {
    warn(`No DWARF found for "${path}", cannot show parameter info`);
    return [];
  }
  const symbol = symbols.find(name);
  try {
    const code = symbol && debugInfo.functionAt(symbol.address);
    return code === undefined ? [] : parameterTexts(code);
  } catch (error) {
    if (error instanceof DwarfError) return [];
    throw error;
  }
}

const usdt: ProbeLister = {
  provider: 'usdt',
  *list(machine, pattern): Generator<ListedProbe> {
    const { files, rest } = open(machine, 'usdt', pattern);
    const matches = matcher(rest.includes(':') ? rest : `*:${rest}`);
    for (const file of files) {
      const names = new Set(usdtProbes(file.elf).map((probe) => `${probe.provider}:${probe.name}`));
      for (const name of names) {
        if (matches(name)) yield { name: `usdt:${file.path}:${name}`, parameters: () => [] };
      }
    }
  },
};

/** The files that the path means, and what is asked of each; without a path, of all that a process has mapped. */
function open(
  machine: Machine,
  provider: string,
  { rest: written, pid, searchPath, debug }: ListPattern,
): { readonly files: readonly UserFile[]; readonly rest: string } {
  const [path, rest] = pathAndRest(written);
  if (path === '*' && pid === undefined) {
    throw new Error(`list ${provider}: name the file: ${provider}:/path/to/program:${rest}`);
  }
  const { paths } = findBinaries(provider, path, {
    arch: machine.host.arch,
    libraryCache: () => machine.readLibraryCache(),
    searchPath,
    ...(pid === undefined ? {} : { pid }),
  });
  if (paths.length === 0 && !path.includes('*')) {
    throw new NoSuchFileError(`list ${provider}: no such file: ${path}`);
  }
  return { files: paths.flatMap((one) => readable(one, debug)), rest: rest === '' ? '*' : rest };
}

/** A lone path means all that is in the file, a lone name what is so called. */
function pathAndRest(written: string): readonly [path: string, rest: string] {
  const colon = written.indexOf(':');
  if (colon !== -1) return [written.slice(0, colon), written.slice(colon + 1)];
  return written.includes('/') ? [written, '*'] : ['*', written];
}

/** A file that is no ELF after all has no probes. */
function readable(path: string, debug: DebugSettings): readonly UserFile[] {
  try {
    return [new UserFile(path, debug)];
  } catch (error) {
    if (error instanceof ElfError) return [];
    throw error;
  }
}

export const userListers: readonly ProbeLister[] = [
  uprobeLister('uprobe', parametersOf),
  uprobeLister('uretprobe', () => []),
  usdt,
];
