/** The program and the hosts that `run` and `check` are about, from their command lines. */
import type { Command } from 'commander';
import type { CheckRequest } from '@bpfleet/protocol';
import { filesOf } from '../files-of.ts';
import { readProgram } from '../read-program.ts';
import { UserError, type Terminal } from '../terminal.ts';
import type { CoordinatorFlags } from './command-context.ts';
import { hostOption, labelOption } from './labels.ts';

export interface ProgramFlags extends CoordinatorFlags {
  readonly program?: string;
  readonly label: Readonly<Record<string, string>>;
  readonly host: readonly string[];
  readonly includeDirectory: readonly string[];
  readonly include: readonly string[];
  readonly unsafe?: boolean;
  readonly redact?: boolean;
}

interface Program {
  readonly text: string;
  readonly name: string;
  readonly parameters: readonly string[];
}

const append = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export function withProgramFlags(command: Command): Command {
  return command
    .argument('[file]', 'program, or - for standard input; with -e the first parameter')
    .argument(
      '[parameters...]',
      'positional parameters $1, $2, …; named ones, --name=value, after --',
    )
    .option('-e, --program <program>', 'the program itself')
    .addOption(labelOption('hosts with this label'))
    .addOption(hostOption())
    .option(
      '-I, --include-directory <directory>',
      'look for included files here too (repeatable)',
      append,
      [],
    )
    .option('--include <file>', 'include a header before the program (repeatable)', append, [])
    .option('--unsafe', 'allow functions that change the hosts')
    .option(
      '--redact',
      'text of what is traced does not leave the hosts: numbers, comm and names do',
    );
}

/** Reads the program and the files it needs, here: they travel with it. */
export async function programRequest(
  operands: readonly string[],
  flags: ProgramFlags,
  terminal: Terminal,
): Promise<CheckRequest> {
  const program = await programOf(flags, operands, terminal);
  const { includeDirectory: includeDirectories, include: includeFiles } = flags;
  const files = await filesOf(program, { includeDirectories, includeFiles }, terminal.environment);
  const isNamed = (parameter: string): boolean => parameter.startsWith('--');
  const named = program.parameters.filter(isNamed);
  return {
    program: program.text,
    sourceName: program.name,
    ...(Object.keys(files).length === 0 ? {} : { files }),
    ...(includeFiles.length === 0 ? {} : { includes: includeFiles }),
    parameters: program.parameters.filter((one) => !isNamed(one)),
    ...(named.length === 0 ? {} : { namedParameters: named.map((one) => one.slice(2)) }),
    selector: { hosts: flags.host, labels: flags.label },
    unsafe: flags.unsafe === true,
    ...(flags.redact === true && { redact: true }),
    who: terminal.userName,
  };
}

async function programOf(
  flags: ProgramFlags,
  operands: readonly string[],
  terminal: Terminal,
): Promise<Program> {
  if (flags.program !== undefined) {
    return { text: flags.program, name: 'stdin', parameters: operands };
  }
  const [path, ...parameters] = operands;
  if (path === undefined) throw new UserError("a FILE, - or -e 'program' is required");
  if (path === '-') return { text: await terminal.readInput(), name: 'stdin', parameters };
  return { text: await readProgram(path), name: path, parameters };
}
