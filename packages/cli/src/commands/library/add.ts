/** `bpfleet library add`: a program under a name, or a new version of it. */
import { Command, Option } from 'commander';
import { LIBRARY_ROLES, type LibraryRequest } from '@bpfleet/protocol';
import { jsonLine } from '../../output/json-line.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from '../command-context.ts';
import { programRequest } from '../program-request.ts';
import { paramOption, type Param } from './param-flag.ts';

interface AddFlags extends CoordinatorFlags {
  readonly param: readonly Param[];
  readonly role: LibraryRequest['role'];
  readonly includeDirectory: readonly string[];
  readonly include: readonly string[];
  readonly json?: boolean;
}

const append = (value: string, before: readonly string[]): readonly string[] => [...before, value];

const TYPES = `
A parameter is a name of the program's getopt("name", default), or the number of a
positional one. What it takes is number, name, path or boolean, or a regular
expression that a whole value must match.`;

async function add(
  name: string,
  file: string,
  flags: AddFlags,
  context: CommandContext,
): Promise<void> {
  const { terminal } = context;
  const { includeDirectory, include } = flags;
  const { program, sourceName, files, includes } = await programRequest(
    [file],
    { includeDirectory, include, label: {}, host: [] },
    terminal,
  );
  const request: LibraryRequest = {
    ...{ program, sourceName },
    ...(files !== undefined && { files }),
    ...(includes !== undefined && { includes }),
    parameters: flags.param.map(([parameter, accepts]) => ({ name: parameter, accepts })),
    role: flags.role,
  };
  const client = await connect(flags, context);
  const added = await client.addToLibrary(name, request, terminal.userName);
  terminal.out(flags.json === true ? jsonLine(added) : `${added.name}@${added.version}\n`);
}

export function addToLibraryCommand(context: CommandContext): Command {
  const command = new Command('add')
    .description('add a program, or a new version of one')
    .argument('<name>', 'letters, digits, dot, - and _')
    .argument('<file>', 'the program, or - for standard input')
    .addOption(paramOption('--param <name=what>', 'a parameter, and what it takes'))
    .addOption(
      new Option('--role <role>', 'who may run it').choices(LIBRARY_ROLES).default('operator'),
    )
    .option(
      '-I, --include-directory <directory>',
      'look for included files here too (repeatable)',
      append,
      [],
    )
    .option('--include <file>', 'include a header before the program (repeatable)', append, [])
    .option('--json', 'one JSON object')
    .action(async (name: string, file: string, flags: AddFlags) => add(name, file, flags, context));
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet library add slow-reads slow-reads.bt --param 1=number --role viewer',
    "bpfleet library add opens opens.bt --param comm=name --param 'mode=read|write'",
  ]).addHelpText('after', TYPES);
}
