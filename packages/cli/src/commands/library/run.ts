/** `bpfleet library run`: a reviewed program, with values for its parameters. */
import { Command } from 'commander';
import type { LibraryRun } from '@bpfleet/protocol';
import { newSessionId } from '../../session-id.ts';
import { withCoordinatorFlags, withExamples, type CommandContext } from '../command-context.ts';
import { hostOption, labelOption } from '../labels.ts';
import {
  requestFlags,
  startAndFollow,
  withSessionFlags,
  type SessionFlags,
} from '../run-request.ts';
import { paramOption, type Param } from './param-flag.ts';
import { parseVersionedName, type VersionedName } from './versioned-name.ts';

interface RunFlags extends SessionFlags {
  readonly param: readonly Param[];
  readonly label: Readonly<Record<string, string>>;
  readonly host: readonly string[];
}

export function runOfLibraryCommand(context: CommandContext): Command {
  const command = new Command('run')
    .description('run a program of the library on the fleet')
    .argument('<name>', 'or NAME@VERSION; alone, the newest', parseVersionedName)
    .addOption(paramOption('--param <name=value>', 'a value for one of its parameters'))
    .addOption(labelOption('hosts with this label'))
    .addOption(hostOption());
  withSessionFlags(command).action(async ({ name, version }: VersionedName, flags: RunFlags) => {
    const { label: labels, host: hosts } = flags;
    const run: LibraryRun = {
      id: newSessionId(),
      values: Object.fromEntries(flags.param),
      selector: { hosts, labels },
      ...requestFlags(flags),
      ...(version !== undefined && { version }),
      who: context.terminal.userName,
    };
    const { selector } = run;
    context.finish(
      await startAndFollow(
        { selector, start: async (client) => client.runOfLibrary(name, run) },
        flags,
        context,
      ),
    );
  });
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet library run slow-reads --param 1=10 -l role=db --for 1m',
    'bpfleet library run slow-reads@2 --param 1=10',
    'bpfleet library run opens --param comm=nginx --by-host --json',
  ]);
}
