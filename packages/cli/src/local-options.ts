/** Parses the command line of `bpfleet local`, which is bpftrace's, into what the agent package runs. */
import type { ListRequest, LocalOptions } from '@bpfleet/agent/local';
import { getopt, type OptionGrammar, type ParsedOption } from './local/getopt.ts';

export type LocalCommandLine =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  /** `showUsage`: the help follows the message. */
  | { readonly kind: 'fault'; readonly message: string; readonly showUsage: boolean }
  | {
      readonly kind: 'run';
      readonly program: ProgramSource | undefined;
      readonly options: Omit<LocalOptions, 'source'>;
    };

/** `-` as a path is standard input. */
export type ProgramSource =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string };

const GRAMMAR: OptionGrammar = {
  short: {
    ...{ d: true, B: true, f: true, e: true, p: true, c: true, o: true, I: true },
    ...{ b: false, h: false, l: false, v: false, q: false, V: false, k: false },
  },
  long: {
    ...{ cmd: true, debug: true, output: true, pid: true },
    ...{ btf: false, 'dry-run': false, help: false, info: false, list: false },
    ...{ 'no-warnings': false, quiet: false, unsafe: false, verbose: false, version: false },
    warnings: false,
    // bpftrace has these too; they are told apart from misspellings.
    ...{ aot: true, debuginfo: true, 'dwarf-pid': true, 'emit-elf': true, 'emit-llvm': true },
    ...{ include: true, mode: true, 'no-feature': true, 'probe-filter': true },
    ...{ 'traceable-functions': true, bench: false, fmt: false, test: false },
    ...{ 'usdt-file-activation': false, 'verify-llvm-ir': false },
  },
};

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
/** The kernel's own limit on process ids. */
const PID_MAX = 0x400000;

type Draft = {
  -readonly [Name in keyof Omit<LocalOptions, 'source'>]: LocalOptions[Name];
} & { script?: string; listing: boolean };

class UsageFault extends Error {
  readonly showUsage: boolean;

  constructor(message: string, showUsage = false) {
    super(message);
    this.showUsage = showUsage;
  }
}

function debugStages(list: string): readonly string[] {
  return list
    .split(',')
    .filter((stage) => stage !== '')
    .flatMap((stage) => {
      const own = DEBUG_STAGES[stage];
      if (own === undefined) throw new UsageFault(`USAGE: invalid option for -d: ${stage}`);
      return own;
    });
}

function bufferMode(text: string): LocalOptions['bufferMode'] {
  const mode = BUFFER_MODES.find((candidate) => candidate === text);
  if (mode === undefined) {
    throw new UsageFault("USAGE: -B must be either 'line', 'full', or 'none'.");
  }
  return mode;
}

function outputFormat(text: string): LocalOptions['format'] {
  if (text === '' || text === 'text') return 'text';
  if (text === 'json') return 'json';
  throw new UsageFault(`Invalid output format "${text}"\nValid formats: 'text', 'json'`);
}

function processId(text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageFault(`Failed to parse pid: invalid integer: ${text}`);
  const pid = Number(text);
  if (pid > PID_MAX) throw new UsageFault(`Pid out of range: ${text}`);
  return pid;
}

function runtimeWarnings(draft: Draft): void {
  if (draft.warnings === 2) {
    throw new UsageFault(
      'USAGE: -kk has been deprecated. Use a single -k for runtime warnings for errors in map lookups and probe reads.',
    );
  }
  if (draft.warnings === 0) conflictingWarnings();
  draft.warnings = 2;
}

function applyMode(draft: Draft, mode: string): void {
  if (mode === 'test' || mode === 'bench') {
    draft.trial = mode;
  } else if (mode === 'codegen' || mode === 'compiler-bench' || mode === 'format') {
    throw new UsageFault(`--mode ${mode} is not supported by bpfleet`);
  } else {
    throw new UsageFault(
      "USAGE: --mode can only be 'codegen', 'compiler-bench', 'bench', 'test' or 'format'.",
    );
  }
}

function conflictingWarnings(): never {
  throw new UsageFault('USAGE: -k, --warnings conflicts with --no-warnings');
}

/** Applies one option; an option that ends the parsing at once returns its outcome. */
function apply(draft: Draft, { name, value }: ParsedOption): LocalCommandLine | undefined {
  switch (name) {
    case 'e':
      draft.script = value;
      return undefined;
    case 'l':
    case 'list':
      draft.listing = true;
      return undefined;
    case 'o':
    case 'output':
      draft.outputPath = value;
      return undefined;
    case 'f':
      draft.format = outputFormat(value);
      return undefined;
    case 'B':
      draft.bufferMode = bufferMode(value);
      return undefined;
    case 'q':
    case 'quiet':
      draft.quiet = true;
      return undefined;
    case 'v':
    case 'verbose':
      draft.verbose = true;
      return undefined;
    case 'd':
    case 'debug':
      draft.debugStages = [...new Set([...draft.debugStages, ...debugStages(value)])];
      return undefined;
    case 'p':
    case 'pid':
      draft.pid = processId(value);
      return undefined;
    case 'c':
    case 'cmd':
      draft.command = value;
      return undefined;
    case 'unsafe':
      draft.unsafe = true;
      return undefined;
    case 'dry-run':
      draft.dryRun = true;
      return undefined;
    case 'k':
    case 'warnings':
      runtimeWarnings(draft);
      return undefined;
    case 'no-warnings':
      if (draft.warnings === 2) conflictingWarnings();
      draft.warnings = 0;
      return undefined;
    case 'test':
    case 'bench':
      if (draft.trial !== undefined) {
        throw new UsageFault(`USAGE: --${name} conflicts with existing --mode`);
      }
      draft.trial = name;
      return undefined;
    case 'mode':
      applyMode(draft, value);
      return undefined;
    case 'probe-filter':
      draft.probeFilter = value;
      return undefined;
    // Type information is always used where it is there, and no LLVM is that could be verified.
    case 'b':
    case 'btf':
    case 'verify-llvm-ir':
      return undefined;
    case 'info':
      draft.info = true;
      return { kind: 'run', program: undefined, options: localOptions(draft, []) };
    case 'h':
    case 'help':
      return { kind: 'help' };
    case 'V':
    case 'version':
      return { kind: 'version' };
    default:
      throw new UsageFault(
        `option ${name.length === 1 ? '-' : '--'}${name} is not supported by bpfleet`,
      );
  }
}

function localOptions(
  { script: _script, listing: _listing, ...options }: Draft,
  parameters: readonly string[],
  list?: ListRequest,
): Omit<LocalOptions, 'source'> {
  return { ...options, parameters, ...(list === undefined ? {} : { list }) };
}

function listCommand(draft: Draft, operands: readonly string[]): LocalCommandLine {
  const [pattern, ...more] = operands;
  if (more.length > 0) throw new UsageFault('-l takes one pattern or file', true);
  const list: ListRequest = {
    ...(pattern === undefined || pattern === '*' ? {} : { pattern }),
    arguments: draft.verbose,
  };
  const program: ProgramSource | undefined =
    draft.script === undefined ? undefined : { kind: 'text', text: draft.script };
  return { kind: 'run', program, options: localOptions(draft, [], list) };
}

function runCommand(draft: Draft, operands: readonly string[]): LocalCommandLine {
  const parameters = [...operands];
  const path = draft.script === undefined ? parameters.shift() : undefined;
  const program: ProgramSource | undefined =
    draft.script !== undefined
      ? { kind: 'text', text: draft.script }
      : path !== undefined
        ? { kind: 'file', path }
        : undefined;
  if (program === undefined) throw new UsageFault("USAGE: filename or -e 'program' required.");
  const named = parameters.find((parameter) => parameter.startsWith('--'));
  if (named !== undefined) {
    throw new UsageFault(`named parameters are not supported yet: ${named}`);
  }
  return { kind: 'run', program, options: localOptions(draft, parameters) };
}

/** @param argv what follows `bpfleet local` */
export function parseLocalOptions(argv: readonly string[]): LocalCommandLine {
  const draft: Draft = {
    listing: false,
    info: false,
    format: 'text',
    bufferMode: 'line',
    quiet: false,
    verbose: false,
    debugStages: [],
    unsafe: false,
    dryRun: false,
    warnings: 1,
    parameters: [],
  };
  const parsed = getopt(argv, GRAMMAR);
  if (parsed.kind === 'fault') return { ...parsed, showUsage: true };
  if (argv.length === 0) return { kind: 'fault', message: '', showUsage: true };
  try {
    for (const option of parsed.options) {
      const outcome = apply(draft, option);
      if (outcome !== undefined) return outcome;
    }
    if (draft.command !== undefined && draft.pid !== undefined) {
      throw new UsageFault('USAGE: Cannot use both -c and -p.', true);
    }
    return draft.listing ? listCommand(draft, parsed.operands) : runCommand(draft, parsed.operands);
  } catch (error) {
    if (!(error instanceof UsageFault)) throw error;
    return { kind: 'fault', message: error.message, showUsage: error.showUsage };
  }
}
