/** `bpfleet history`: sessions that are over. */
import { Command, InvalidArgumentError } from 'commander';
import { jsonLine } from '../output/json-line.ts';
import { SessionPrinter } from '../output/session-printer.ts';
import { sessionTable } from '../output/session-table.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from './command-context.ts';

interface HistoryFlags extends CoordinatorFlags {
  readonly json?: boolean;
}

function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('not a positive number.');
  return Number(text);
}

function listCommand(context: CommandContext): Command {
  const command = new Command('ls')
    .description('list past sessions, newest first')
    .option('-n, --limit <count>', 'at most this many', positiveInteger, 50)
    .option('--json', 'one JSON object a line')
    .action(async (flags: HistoryFlags & { readonly limit: number }) => {
      const client = await connect(flags, context);
      const sessions = await client.history(flags.limit);
      context.terminal.out(
        flags.json === true ? sessions.map(jsonLine).join('') : sessionTable(sessions, Date.now()),
      );
    });
  return withExamples(withCoordinatorFlags(command), ['bpfleet history ls -n 10']);
}

function showCommand(context: CommandContext): Command {
  const command = new Command('show')
    .description('print what a past session printed, and its merged maps')
    .argument('<id>', 'session, as "bpfleet history ls" shows it')
    .option('--json', 'one JSON object a line')
    .action(async (id: string, flags: HistoryFlags) => {
      const client = await connect(flags, context);
      const { session, output, maps } = await client.historyOf(id);
      const printer = new SessionPrinter(context.terminal, { json: flags.json === true });
      for (const item of output) printer.output(item);
      printer.result(maps, session);
    });
  return withExamples(withCoordinatorFlags(command), ['bpfleet history show 4f2c81']);
}

export function historyCommand(context: CommandContext): Command {
  const command = new Command('history')
    .description('past sessions and their results')
    .addCommand(listCommand(context), { isDefault: true })
    .addCommand(showCommand(context));
  return withExamples(command, ['bpfleet history', 'bpfleet history show 4f2c81']);
}
