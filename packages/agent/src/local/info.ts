/** `--info`: the machine, this build, and what the kernel can do, in the lines bpftrace prints. */
import { hostname, type as osType, version as osVersion } from 'node:os';
import { readdirSync } from 'node:fs';
import type { FeatureName } from '@bpfleet/bpf';
import { isTargetFeature } from '../target/features.ts';
import type { Machine } from '../target/machine.ts';
import { AGENT_VERSION } from '../version.ts';

/** In bpftrace's order, then what it does not print. */
const PROBES: readonly (readonly [string, FeatureName])[] = [
  ['kprobe_multi', 'kprobeMulti'],
  ['uprobe_multi', 'uprobeMulti'],
  ['kprobe_session', 'kprobeSession'],
  ['iter', 'iterators'],
  ['kprobe', 'kprobe'],
  ['fentry', 'fentry'],
  ['uprobe', 'uprobe'],
  ['raw_tp_btf', 'rawTracepointBtf'],
];

const HELPERS: readonly (readonly [string, FeatureName])[] = [
  ['dpath', 'dPath'],
  ['get_tai_ns', 'taiClock'],
  ['get_func_ip', 'getFuncIp'],
  ['lookup_percpu_elem', 'lookupPercpuElem'],
  ['loop', 'bpfLoop'],
  ['for_each_map_elem', 'forEachMapElem'],
];

/** What bpftrace has from libraries that it may be built without is part of this program, or is not. */
const BUILD: readonly (readonly [string, boolean])[] = [
  ['bfd', false],
  ['libdw (DWARF support)', true],
  ['libsystemd (systemd notify support)', false],
  ['blazesym (advanced symbolization)', true],
  ['dwunwind (DWARF stack unwinding)', true],
  ['library path resolution', true],
];

/** There is a file for the kernel itself, and one for each module. */
function hasModuleBtf(): boolean {
  try {
    return readdirSync('/sys/kernel/btf').length > 1;
  } catch {
    return false;
  }
}

function answer(has: boolean): string {
  return has ? 'yes' : 'no';
}

/** Without what the user told programs to do without. */
function has({ features, kernelFeatures }: Machine, name: FeatureName): boolean {
  return isTargetFeature(name) ? features[name] : kernelFeatures.has(name);
}

export function renderInfo(machine: Machine): string {
  const table = (rows: typeof PROBES): string[] =>
    rows.map(([name, feature]) => `  ${name}: ${answer(has(machine, feature))}`);
  const mostInstructions = has(machine, 'longPrograms') ? 1_000_000 : 4096;
  return [
    'System',
    `  OS: ${osType()} ${machine.host.kernelRelease} ${osVersion()}`,
    `  Arch: ${machine.host.arch}`,
    `  Host: ${hostname()}`,
    '',
    'Build',
    `  version: v${AGENT_VERSION}`,
    '  LLVM: none',
    ...BUILD.map(([name, has]) => `  ${name}: ${answer(has)}`),
    '',
    'Kernel helpers',
    ...table(HELPERS),
    '',
    'Kernel features',
    `  Instruction limit: ${mostInstructions}`,
    `  btf: ${answer(machine.btf !== undefined)}`,
    `  module btf: ${answer(hasModuleBtf())}`,
    `  signed division: ${answer(has(machine, 'signedDivision'))}`,
    '',
    'Probe types',
    ...table(PROBES),
    '',
  ].join('\n');
}
