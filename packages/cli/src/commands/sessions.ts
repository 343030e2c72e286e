/** `bpfleet sessions`: what runs now. */
import { Command } from 'commander';
import { jsonLine } from '../output/json-line.ts';
import { sessionTable } from '../output/session-table.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from './command-context.ts';

export function sessionsCommand(context: CommandContext): Command {
  const command = new Command('sessions')
    .description('list the running sessions')
    .option('--json', 'one JSON object a line')
    .action(async (flags: CoordinatorFlags & { readonly json?: boolean }) => {
      const client = await connect(flags, context);
      const sessions = await client.sessions();
      context.terminal.out(
        flags.json === true ? sessions.map(jsonLine).join('') : sessionTable(sessions, Date.now()),
      );
    });
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet sessions',
    'bpfleet sessions --json',
  ]);
}
