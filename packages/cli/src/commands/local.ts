/** `bpfleet local`: bpftrace's command line on this machine, with no part of the fleet loaded. */
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import type { LocalOptions, ProgramText } from '@bpfleet/agent/local';
import { systemReason } from '@bpfleet/protocol';
import { filesOf } from '../files-of.ts';
import { executableText } from '../local/executable.ts';
import { formatProgram } from '../local/format-program.ts';
import { LOCAL_USAGE } from '../local/usage.ts';
import { parseLocalOptions, type LocalCommandLine, type ProgramSource } from '../local-options.ts';
import { readProgram } from '../read-program.ts';
import { UserError, type Terminal } from '../terminal.ts';
import { BPFTRACE_VERSION, VERSION } from '../version.ts';

type Options = Omit<LocalOptions, 'source'>;

async function readSource(
  source: ProgramSource,
  options: Options,
  terminal: Terminal,
): Promise<ProgramText> {
  const program = await readText(source, terminal);
  return { ...program, files: await filesOf(program, options, terminal.environment) };
}

async function readText(source: ProgramSource, terminal: Terminal): Promise<ProgramText> {
  if (source.kind === 'text') return { name: 'stdin', text: source.text };
  if (source.path === '-') return { name: 'stdin', text: await terminal.readInput() };
  return { name: source.path, text: await readProgram(source.path) };
}

/** `-l FILE` lists the probes of a program, where such a file exists. */
function listedFile({ list }: Options): ProgramSource | undefined {
  const path = list?.pattern;
  return path !== undefined && existsSync(path) ? { kind: 'file', path } : undefined;
}

async function run(
  program: ProgramSource | undefined,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const source = program ?? listedFile(options);
  return runOn(
    source === undefined ? undefined : await readSource(source, options, terminal),
    options,
    terminal,
  );
}

async function runOn(
  source: ProgramText | undefined,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const local: LocalOptions = source === undefined ? options : { ...options, source };
  const interrupt = new AbortController();
  const unsubscribe = terminal.onInterrupt(() => interrupt.abort());
  try {
    const { runLocal } = await import('@bpfleet/agent/local');
    return await runLocal(local, {
      out: terminal.out,
      err: terminal.err,
      isTerminal: terminal.size !== undefined,
      environment: terminal.environment,
      interrupt: interrupt.signal,
      whileBusy: terminal.whileBusy,
      onEnding: unsubscribe,
      onUserSignal: terminal.onUserSignal,
      color: terminal.color,
    });
  } finally {
    unsubscribe();
  }
}

/** Writes nothing when the program has faults. */
async function writeExecutable(
  { program, options, path }: Extract<LocalCommandLine, { kind: 'write-executable' }>,
  terminal: Terminal,
): Promise<number> {
  const source = await readSource(program, options, terminal);
  const code = await runOn(source, options, terminal);
  if (code !== 0) return code;
  const text = executableText(terminal.self, options, source.text);
  try {
    writeFileSync(path, text, { mode: 0o755 });
    chmodSync(path, 0o755);
  } catch (error) {
    throw new UserError(`failed to write executable '${path}': ${systemReason(error)}`, {
      cause: error,
    });
  }
  return 0;
}

/** @returns the exit code */
export async function localCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const line = parseLocalOptions(argv);
  switch (line.kind) {
    case 'help':
      terminal.out(LOCAL_USAGE);
      return 0;
    case 'version':
      terminal.out(`bpftrace v${BPFTRACE_VERSION} (bpfleet ${VERSION})\n`);
      return 0;
    case 'fault':
      if (line.message !== '') terminal.err(`ERROR: ${line.message}\n`);
      if (line.showUsage) terminal.err(LOCAL_USAGE);
      return 1;
    case 'run':
      return run(line.program, line.options, terminal);
    case 'format':
      return formatProgram(await readText(line.program, terminal), line.outputPath, terminal);
    case 'write-executable':
      return writeExecutable(line, terminal);
  }
}
