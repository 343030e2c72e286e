/** `bpfleet attach`: come back to a running session. */
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

interface AttachFlags extends CoordinatorFlags {
  readonly json?: boolean;
}

export function attachCommand(context: CommandContext): Command {
  const command = new Command('attach')
    .description('follow a running session to its result; Ctrl-C stops it')
    .argument('<id>', 'session, as "bpfleet sessions" shows it')
    .option('--json', 'one JSON object a line')
    .action(async (id: string, flags: AttachFlags) => {
      const client = await connect(flags, context);
      const printer = new SessionPrinter(context.terminal, { json: flags.json === true });
      context.finish(await followSession(client, id, printer, context.terminal));
    });
  return withExamples(withCoordinatorFlags(command), ['bpfleet attach 4f2c81']);
}
