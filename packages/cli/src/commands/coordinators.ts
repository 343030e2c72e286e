/** `bpfleet coordinators`: which coordinators share the fleet, and what each owns. */
import { Command } from 'commander';
import type { CoordinatorInfo, SessionInfo } from '@bpfleet/protocol';
import { ago } from '../output/duration.ts';
import { jsonLine } from '../output/json-line.ts';
import { table } from '../output/table.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from './command-context.ts';

const HEADER = ['ID', 'ADDRESS', 'STARTED', 'SESSIONS'];

function sessionsOf(id: string, sessions: readonly SessionInfo[]): readonly string[] {
  return sessions.filter(({ coordinator }) => coordinator === id).map((session) => session.id);
}

function row(
  { id, url, startedAtMs }: CoordinatorInfo,
  sessions: readonly SessionInfo[],
): readonly string[] {
  return [id, url ?? '', ago(startedAtMs, Date.now()), String(sessionsOf(id, sessions).length)];
}

export function coordinatorsCommand(context: CommandContext): Command {
  const command = new Command('coordinators')
    .description('list the coordinators that share the fleet')
    .option('--json', 'one JSON object a line')
    .action(async (flags: CoordinatorFlags & { readonly json?: boolean }) => {
      const client = await connect(flags, context);
      const coordinators = await client.coordinators();
      const sessions = await client.sessions();
      context.terminal.out(
        flags.json === true
          ? coordinators
              .map(({ id, url, startedAtMs }) =>
                jsonLine({ id, url, startedAtMs, sessions: sessionsOf(id, sessions) }),
              )
              .join('')
          : table(
              HEADER,
              coordinators.map((info) => row(info, sessions)),
            ),
      );
    });
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet coordinators',
    'bpfleet coordinators --url http://10.0.0.7:8080,http://10.0.0.8:8080',
  ]);
}
