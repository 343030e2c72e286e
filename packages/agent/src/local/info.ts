/** `--info`: the machine, this build, and what the kernel can do, in the lines bpftrace prints. */
import { hostname, type as osType, version as osVersion } from 'node:os';
import type { TargetFeatures } from '@bpfleet/lang';
import type { Machine } from '../target/machine.ts';
import { AGENT_VERSION } from '../version.ts';

type Feature = Exclude<keyof TargetFeatures, 'fentryRefusal'>;

const PROBES: readonly (readonly [string, Feature])[] = [
  ['kprobe', 'kprobe'],
  ['fentry', 'fentry'],
  ['kprobe_multi', 'kprobeMulti'],
  ['kprobe_session', 'kprobeSession'],
  ['uprobe_multi', 'uprobeMulti'],
  ['raw_tp_btf', 'rawTracepointBtf'],
];

const HELPERS: readonly (readonly [string, Feature])[] = [
  ['for_each_map_elem', 'forEachMapElem'],
  ['loop', 'bpfLoop'],
  ['lookup_percpu_elem', 'lookupPercpuElem'],
  ['get_func_ip', 'getFuncIp'],
  ['signed division', 'signedDivision'],
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

function answer(has: boolean): string {
  return has ? 'yes' : 'no';
}

export function renderInfo(machine: Machine): string {
  const table = (rows: typeof PROBES): string[] =>
    rows.map(([name, feature]) => `  ${name}: ${answer(machine.features[feature])}`);
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
    `  btf: ${answer(machine.btf !== undefined)}`,
    '',
    'Probe types',
    ...table(PROBES),
    '',
  ].join('\n');
}
