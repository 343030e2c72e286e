/** Listing of the functions and USDT probes of a file. */
import { DwarfError, parameterTexts } from '@bpfleet/bpf/dwarf';
import { usdtProbes } from '@bpfleet/bpf/elf';
import { UserFile } from '../debug/user-file.ts';
import { findBinary } from '../target/binary-path.ts';
import type { Machine } from '../target/machine.ts';
import { matcher } from '../target/wildcard.ts';
import type { ListedProbe, ListPattern, ProbeLister } from './probe-lister.ts';

const uprobe: ProbeLister = {
  provider: 'uprobe',
  general: false,
  *list(machine, pattern): Generator<ListedProbe> {
    const { file, rest } = open(machine, 'uprobe', pattern);
    const matches = matcher(rest || '*');
    const names = new Set(file.symbols.functions.map((symbol) => symbol.name));
    for (const name of [...names].toSorted()) {
      if (!matches(name)) continue;
      yield { name: `uprobe:${file.path}:${name}`, parameters: () => parametersOf(file, name) };
    }
  },
};

/** None for a function without debug information, and none where that is damaged. */
function parametersOf({ symbols, debugInfo }: UserFile, name: string): readonly string[] {
  const symbol = symbols.find(name);
  try {
    const code = symbol && debugInfo?.functionAt(symbol.address);
    return code === undefined ? [] : parameterTexts(code);
  } catch (error) {
    if (error instanceof DwarfError) return [];
    throw error;
  }
}

const usdt: ProbeLister = {
  provider: 'usdt',
  general: false,
  *list(machine, pattern): Generator<ListedProbe> {
    const { file, rest } = open(machine, 'usdt', pattern);
    const matches = matcher(rest === '' ? '*' : rest.includes(':') ? rest : `*:${rest}`);
    const names = new Set(usdtProbes(file.elf).map((probe) => `${probe.provider}:${probe.name}`));
    for (const name of names) {
      if (matches(name)) yield { name: `usdt:${file.path}:${name}`, parameters: () => [] };
    }
  },
};

function open(
  machine: Machine,
  provider: string,
  pattern: ListPattern,
): { file: UserFile; rest: string } {
  const [written = '', ...rest] = (pattern.rest ?? '').split(':');
  if (written === '' || written === '*') {
    throw new Error(`list ${provider}: name the file: ${provider}:/path/to/program`);
  }
  const path = findBinary(written, {
    arch: machine.host.arch,
    libraryCache: () => machine.readLibraryCache(),
    searchPath: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  });
  if (path === undefined) throw new Error(`list ${provider}: no such file: ${written}`);
  const { debugDirectories = [], warn = (): void => undefined } = pattern.debug;
  const file = new UserFile(path, { directories: debugDirectories, warn });
  return { file, rest: rest.join(':') };
}

export const userListers: readonly ProbeLister[] = [uprobe, usdt];
