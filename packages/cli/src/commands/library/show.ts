/** `bpfleet library show`: the text of a program, and its versions. */
import { Command } from 'commander';
import { jsonLine } from '../../output/json-line.ts';
import { table } from '../../output/table.ts';
import { UserError } from '../../terminal.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from '../command-context.ts';
import { LIBRARY_HEADER, libraryRow } from './ls.ts';
import { parseVersionedName, type VersionedName } from './versioned-name.ts';

interface ShowFlags extends CoordinatorFlags {
  readonly json?: boolean;
}

async function show(
  { name, version }: VersionedName,
  flags: ShowFlags,
  context: CommandContext,
): Promise<void> {
  const { terminal } = context;
  const all = await (await connect(flags, context)).libraryVersions(name);
  const versions = version === undefined ? all : all.filter((one) => one.version === version);
  const [chosen] = versions;
  if (chosen === undefined) throw new UserError(`no version ${version} of ${name} in the library`);
  if (flags.json === true) {
    terminal.out(versions.map(jsonLine).join(''));
    return;
  }
  const nowMs = Date.now();
  terminal.out(
    table(
      LIBRARY_HEADER,
      versions.map((one) => libraryRow(one, nowMs)),
    ),
  );
  terminal.out(`\n${chosen.program.trimEnd()}\n`);
}

export function showLibraryCommand(context: CommandContext): Command {
  const command = new Command('show')
    .description('the versions of a program, and the text of the newest')
    .argument('<name>', 'or NAME@VERSION', parseVersionedName)
    .option('--json', 'one JSON object for each version')
    .action(async (name: VersionedName, flags: ShowFlags) => show(name, flags, context));
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet library show slow-reads',
    'bpfleet library show slow-reads@2',
  ]);
}
