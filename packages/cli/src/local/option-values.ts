/** The arguments of options: each from its text to its value. */
import type { LocalOptions } from '@bpfleet/agent/local';
import { UsageFault } from './usage-fault.ts';

/** bpftrace's names of stages beside our own. */
const DEBUG_STAGES: Readonly<Record<string, readonly string[]>> = {
  all: ['ast', 'types', 'ir', 'asm', 'verifier'],
  ast: ['ast'],
  parse: ['ast'],
  types: ['types'],
  ir: ['ir'],
  codegen: ['ir'],
  asm: ['asm'],
  'codegen-opt': ['asm'],
  dis: ['asm'],
  verifier: ['verifier'],
  libbpf: ['verifier'],
};

const BUFFER_MODES = ['line', 'full', 'none'] as const;

/** Features that a user may do without: those of bpftrace by its names, and others. */
const FEATURES: Readonly<Record<string, LocalOptions['disabledFeatures'][number]>> = {
  kprobe_multi: 'kprobeMulti',
  kprobe_session: 'kprobeSession',
  uprobe_multi: 'uprobeMulti',
  tail_calls: 'tailCalls',
  kprobe: 'kprobe',
  fentry: 'fentry',
  raw_tracepoint_btf: 'rawTracepointBtf',
  raw_tracepoint_guard: 'rawTracepointGuard',
  raw_tracepoint_cookie: 'rawTracepointCookie',
  attach_cookie: 'attachCookie',
  map_batch: 'batch',
  for_each_map_elem: 'forEachMapElem',
  bpf_loop: 'bpfLoop',
  signed_division: 'signedDivision',
  lookup_percpu_elem: 'lookupPercpuElem',
  get_func_ip: 'getFuncIp',
};

/** The kernel's own limit on process ids. */
const PID_MAX = 0x400000;

export function debugStages(list: string): readonly string[] {
  return nonEmpty(list, ',').flatMap((stage) => {
    const own = DEBUG_STAGES[stage];
    if (own === undefined) throw new UsageFault(`USAGE: invalid option for -d: ${stage}`);
    return own;
  });
}

export function bufferMode(text: string): LocalOptions['bufferMode'] {
  const mode = BUFFER_MODES.find((candidate) => candidate === text);
  if (mode === undefined) {
    throw new UsageFault("USAGE: -B must be either 'line', 'full', or 'none'.");
  }
  return mode;
}

export function outputFormat(text: string): LocalOptions['format'] {
  if (text === '' || text === 'text') return 'text';
  if (text === 'json') return 'json';
  throw new UsageFault(`Invalid output format "${text}"\nValid formats: 'text', 'json'`);
}

/** Decimal, octal after a 0 and hexadecimal after 0x, as C reads numbers. */
export function processId(text: string): number {
  const [, digits = '', rest = ''] = /^(0x[0-9a-f]+|\d*)(.*)$/is.exec(text) ?? [];
  if (digits === '') throw new UsageFault(`Failed to parse pid: invalid integer: ${text}`);
  if (rest !== '') throw new UsageFault(`Failed to parse pid: invalid trailing bytes: ${text}`);
  const pid = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  if (pid === 0 || pid > PID_MAX) throw new UsageFault(`Pid out of range: ${digits}`);
  return pid;
}

export function features(list: string): LocalOptions['disabledFeatures'] {
  return nonEmpty(list, ',').map((name) => {
    const feature = FEATURES[name];
    if (feature === undefined) {
      const names = Object.keys(FEATURES).join(',');
      throw new UsageFault(`USAGE: --no-feature can only have values '${names}'.`);
    }
    return feature;
  });
}

/** Directories with colons between them. */
export function directories(list: string): readonly string[] {
  return nonEmpty(list, ':');
}

function nonEmpty(list: string, separator: string): readonly string[] {
  return list.split(separator).filter((part) => part !== '');
}
