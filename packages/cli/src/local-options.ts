/** Parses the command line of `bpfleet local`, which is bpftrace's, into what the agent package runs. */
import type { ListRequest, LocalOptions } from '@bpfleet/agent/local';
import { getopt, type OptionGrammar } from './local/getopt.ts';
import { emptyDraft, type OptionDraft } from './local/option-draft.ts';
import { LOCAL_OPTIONS, type LocalOption } from './local/option-table.ts';
import { UsageFault } from './local/usage-fault.ts';

type Options = Omit<LocalOptions, 'source'>;

export type LocalCommandLine =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  /** `showUsage`: the help follows the message. */
  | { readonly kind: 'fault'; readonly message: string; readonly showUsage: boolean }
  | {
      readonly kind: 'run';
      readonly program: ProgramSource | undefined;
      readonly options: Options;
    }
  /** Write the program back, laid out anew, here or to standard output. */
  | {
      readonly kind: 'format';
      readonly program: ProgramSource;
      readonly outputPath: string | undefined;
    }
  /** Check the program, and write an executable that runs it. */
  | {
      readonly kind: 'write-executable';
      readonly program: ProgramSource;
      readonly options: Options;
      readonly path: string;
    };

/** `-` as a path is standard input. */
export type ProgramSource =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string };

const BY_NAME: ReadonlyMap<string, LocalOption> = new Map(
  LOCAL_OPTIONS.flatMap((option) => option.names.map((name) => [name, option] as const)),
);

function grammarOf(isWanted: (name: string) => boolean): Readonly<Record<string, boolean>> {
  return Object.fromEntries(
    [...BY_NAME]
      .filter(([name]) => isWanted(name))
      .map(([name, { takesValue }]) => [name, takesValue]),
  );
}

const GRAMMAR: OptionGrammar = {
  short: grammarOf((name) => name.length === 1),
  long: grammarOf((name) => name.length > 1),
};

function runnerOptions(
  {
    script: _script,
    listing: _listing,
    formatting: _formatting,
    executablePath: _executablePath,
    immediate: _immediate,
    ...options
  }: OptionDraft,
  more: Partial<Options> = {},
): Options {
  return { ...options, ...more };
}

function immediateCommand(draft: OptionDraft): LocalCommandLine | undefined {
  const { immediate } = draft;
  if (immediate === 'info') {
    return { kind: 'run', program: undefined, options: runnerOptions(draft, { info: true }) };
  }
  return immediate === undefined ? undefined : { kind: immediate };
}

function listCommand(draft: OptionDraft, operands: readonly string[]): LocalCommandLine {
  const [pattern, ...more] = operands;
  if (more.length > 0) throw new UsageFault('', true);
  const list: ListRequest = {
    ...(pattern === undefined || pattern === '*' ? {} : { pattern }),
    arguments: draft.verbose,
  };
  const program: ProgramSource | undefined =
    draft.script === undefined ? undefined : { kind: 'text', text: draft.script };
  return { kind: 'run', program, options: runnerOptions(draft, { list }) };
}

function programOf(script: string | undefined, path: string | undefined): ProgramSource {
  if (script !== undefined) return { kind: 'text', text: script };
  if (path !== undefined) return { kind: 'file', path };
  throw new UsageFault("USAGE: filename or -e 'program' required.");
}

function programCommand(draft: OptionDraft, operands: readonly string[]): LocalCommandLine {
  const rest = [...operands];
  const script = draft.script === '' ? undefined : draft.script;
  const program = programOf(script, script === undefined ? rest.shift() : undefined);
  if (draft.formatting) return { kind: 'format', program, outputPath: draft.outputPath };
  const isNamed = (parameter: string): boolean => parameter.startsWith('--');
  const options = runnerOptions(draft, {
    parameters: rest.filter((parameter) => !isNamed(parameter)),
    namedParameters: rest.filter(isNamed).map((parameter) => parameter.slice(2)),
  });
  const { executablePath: path } = draft;
  return path === undefined
    ? { kind: 'run', program, options }
    : { kind: 'write-executable', program, options, path };
}

function checkTogether(draft: OptionDraft): void {
  if (draft.command !== undefined && draft.pid !== undefined) {
    throw new UsageFault('USAGE: Cannot use both -c and -p.', true);
  }
  if (draft.warnings === 2 && draft.executablePath !== undefined) {
    throw new UsageFault('Cannot use -k with --aot');
  }
}

/** @param argv what follows `bpfleet local` */
export function parseLocalOptions(argv: readonly string[]): LocalCommandLine {
  const parsed = getopt(argv, GRAMMAR);
  if (parsed.kind === 'fault') return { ...parsed, showUsage: true };
  const draft = emptyDraft();
  try {
    for (const { name, value } of parsed.options) {
      BY_NAME.get(name)?.apply(draft, value);
      const outcome = immediateCommand(draft);
      if (outcome !== undefined) return outcome;
    }
    if (argv.length === 0) throw new UsageFault('', true);
    checkTogether(draft);
    return draft.listing
      ? listCommand(draft, parsed.operands)
      : programCommand(draft, parsed.operands);
  } catch (error) {
    if (!(error instanceof UsageFault)) throw error;
    return { kind: 'fault', message: error.message, showUsage: error.showUsage };
  }
}
