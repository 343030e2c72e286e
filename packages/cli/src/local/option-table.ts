/** The options of `bpfleet local`, which are bpftrace's: one record each. */
import { containerFilterFault, type ContainerFilter } from '@bpfleet/protocol';
import type { OptionDraft } from './option-draft.ts';
import {
  bufferMode,
  debugStages,
  directories,
  features,
  outputFormat,
  processId,
} from './option-values.ts';
import { UsageFault } from './usage-fault.ts';

export interface LocalOption {
  /** Those of one letter are given after one dash. */
  readonly names: readonly string[];
  readonly takesValue: boolean;
  readonly apply: (draft: OptionDraft, value: string) => void;
}

function flag(names: string, apply: (draft: OptionDraft) => void): LocalOption {
  return { names: names.split(' '), takesValue: false, apply };
}

function valued(names: string, apply: (draft: OptionDraft, value: string) => void): LocalOption {
  return { names: names.split(' '), takesValue: true, apply };
}

/** Type information is always used where it is there, and there is no LLVM whose output could be verified. */
function nothing(): void {}

export const LOCAL_OPTIONS: readonly LocalOption[] = [
  valued('e', (draft, script) => (draft.script = script)),
  flag('l list', (draft) => (draft.listing = true)),
  flag('v verbose', (draft) => (draft.verbose = true)),
  flag('h help', (draft) => (draft.immediate = 'help')),
  flag('V version', (draft) => (draft.immediate = 'version')),
  flag('info', (draft) => (draft.immediate = 'info')),

  valued('p pid', (draft, pid) => (draft.pid = processId(pid))),
  valued('c cmd', (draft, command) => (draft.command = command)),
  valued('dwarf-pid', (draft, pid) => {
    draft.unwoundPids = [...draft.unwoundPids, processId(pid)];
  }),
  valued('container', (draft, name) => {
    const { containers = [] } = draft.containers ?? {};
    draft.containers = filterWith(draft, { containers: [...containers, name] });
  }),
  valued('cgroup', (draft, path) => {
    const { cgroups = [] } = draft.containers ?? {};
    draft.containers = filterWith(draft, { cgroups: [...cgroups, path] });
  }),
  flag('usdt-file-activation', (draft) => (draft.usdtFileActivation = true)),

  valued('o output', (draft, path) => (draft.outputPath = path)),
  valued('f', (draft, format) => (draft.format = outputFormat(format))),
  valued('B', (draft, mode) => (draft.bufferMode = bufferMode(mode))),
  flag('q quiet', (draft) => (draft.quiet = true)),
  flag('k warnings', moreWarnings),
  flag('no-warnings', noWarnings),

  valued('I', (draft, path) => (draft.includeDirectories = [...draft.includeDirectories, path])),
  valued('include', (draft, path) => (draft.includeFiles = [...draft.includeFiles, path])),
  valued('debuginfo', (draft, list) => {
    draft.debugDirectories = [...draft.debugDirectories, ...directories(list)];
  }),
  valued('traceable-functions', (draft, path) => (draft.traceableFunctionsPath = path)),

  flag('unsafe', (draft) => (draft.unsafe = true)),
  valued('no-feature', (draft, list) => {
    draft.disabledFeatures = [...draft.disabledFeatures, ...features(list)];
  }),

  valued('mode', applyMode),
  flag('test', (draft) => applyModeFlag(draft, 'test', 'test')),
  flag('bench', (draft) => applyModeFlag(draft, 'bench', 'bench')),
  flag('fmt', (draft) => applyModeFlag(draft, 'fmt', 'format')),
  valued('probe-filter', (draft, pattern) => (draft.probeFilter = pattern)),

  flag('dry-run', (draft) => (draft.dryRun = true)),
  valued('d debug', (draft, stages) => {
    draft.debugStages = [...new Set([...draft.debugStages, ...debugStages(stages)])];
  }),
  valued('aot', (draft, path) => {
    draft.executablePath = path;
    draft.compileOnly = 'once';
  }),
  valued('emit-elf', refuseEmitting('emit-elf', 'ELF file')),
  valued('emit-llvm', refuseEmitting('emit-llvm', 'LLVM IR')),
  flag('verify-llvm-ir', nothing),
  flag('b btf', nothing),
];

function filterWith(draft: OptionDraft, more: ContainerFilter): ContainerFilter {
  const filter = { ...draft.containers, ...more };
  const fault = containerFilterFault(filter);
  if (fault !== undefined) throw new UsageFault(`USAGE: ${fault}`);
  return filter;
}

function moreWarnings(draft: OptionDraft): void {
  if (draft.warnings === 2) {
    throw new UsageFault(
      'USAGE: -kk has been deprecated. Use a single -k for runtime warnings for errors in map lookups and probe reads.',
    );
  }
  if (draft.warnings === 0) conflictingWarnings();
  draft.warnings = 2;
}

function noWarnings(draft: OptionDraft): void {
  if (draft.warnings === 2) conflictingWarnings();
  draft.warnings = 0;
}

function conflictingWarnings(): never {
  throw new UsageFault('USAGE: -k, --warnings conflicts with --no-warnings');
}

const MODES: Readonly<Record<string, (draft: OptionDraft) => void>> = {
  codegen: (draft) => (draft.compileOnly = 'once'),
  'compiler-bench': (draft) => (draft.compileOnly = 'benchmark'),
  bench: (draft) => (draft.trial = 'bench'),
  test: (draft) => (draft.trial = 'test'),
  format: (draft) => (draft.formatting = true),
};

/** The last `--mode` holds. */
function applyMode(draft: OptionDraft, mode: string): void {
  const choose = MODES[mode];
  if (choose === undefined) {
    throw new UsageFault(
      "USAGE: --mode can only be 'codegen', 'compiler-bench', 'bench', 'test' or 'format'.",
    );
  }
  delete draft.compileOnly;
  delete draft.trial;
  draft.formatting = false;
  choose(draft);
}

function applyModeFlag(draft: OptionDraft, flagName: string, mode: string): void {
  if (draft.compileOnly !== undefined || draft.trial !== undefined || draft.formatting) {
    throw new UsageFault(`USAGE: --${flagName} conflicts with existing --mode`);
  }
  applyMode(draft, mode);
}

function refuseEmitting(option: string, what: string): LocalOption['apply'] {
  return () => {
    throw new UsageFault(
      `--${option}: bpfleet compiles to BPF itself and makes no ${what}; -d asm shows the program`,
    );
  };
}
