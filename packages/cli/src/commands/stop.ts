/** `bpfleet stop`: end a session on all its hosts and print its result. */
import { Command } from 'commander';
import { followSession } from '../follow-session.ts';
import { SessionPrinter } from '../output/session-printer.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from './command-context.ts';

interface StopFlags extends CoordinatorFlags {
  readonly json?: boolean;
}

export function stopCommand(context: CommandContext): Command {
  const command = new Command('stop')
    .description('stop a session and print its merged result')
    .argument('<id>', 'session, as "bpfleet sessions" shows it')
    .option('--json', 'one JSON object a line')
    .action(async (id: string, flags: StopFlags) => {
      const client = await connect(flags, context);
      const { terminal } = context;
      // Whether there is one is known at once; stopping it takes its hosts.
      await client.session(id);
      const printer = new SessionPrinter(terminal, { json: flags.json === true });
      context.finish(await followSession(client, id, printer, terminal, { stopNow: true }));
    });
  return withExamples(withCoordinatorFlags(command), ['bpfleet stop 4f2c81']);
}
