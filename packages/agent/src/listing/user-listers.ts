/** Listing of the functions and USDT probes of a file. */
import { readFileSync } from 'node:fs';
import { Elf, SymbolTable, usdtProbes } from '@bpfleet/bpf/elf';
import { findBinary } from '../target/binary-path.ts';
import type { Machine } from '../target/machine.ts';
import { matcher } from '../target/wildcard.ts';
import type { ListedProbe, ListPattern, ProbeLister } from './probe-lister.ts';

const uprobe: ProbeLister = {
  provider: 'uprobe',
  general: false,
  *list(machine, pattern): Generator<ListedProbe> {
    const { path, elf, rest } = open(machine, 'uprobe', pattern);
    const matches = matcher(rest || '*');
    const names = new Set(new SymbolTable(elf).functions.map((symbol) => symbol.name));
    for (const name of [...names].toSorted()) {
      if (matches(name)) yield { name: `uprobe:${path}:${name}`, parameters: () => [] };
    }
  },
};

const usdt: ProbeLister = {
  provider: 'usdt',
  general: false,
  *list(machine, pattern): Generator<ListedProbe> {
    const { path, elf, rest } = open(machine, 'usdt', pattern);
    const matches = matcher(rest === '' ? '*' : rest.includes(':') ? rest : `*:${rest}`);
    const names = new Set(usdtProbes(elf).map((probe) => `${probe.provider}:${probe.name}`));
    for (const name of names) {
      if (matches(name)) yield { name: `usdt:${path}:${name}`, parameters: () => [] };
    }
  },
};

function open(
  machine: Machine,
  provider: string,
  pattern: ListPattern,
): { path: string; elf: Elf; rest: string } {
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
  return { path, elf: new Elf(readFileSync(path)), rest: rest.join(':') };
}

export const userListers: readonly ProbeLister[] = [uprobe, usdt];
