/** `bpfleet history`: sessions that ran, their results, and questions about them. */
import { Command } from 'commander';
import { withExamples, type CommandContext } from '../command-context.ts';
import { listCommand } from './ls.ts';
import { showCommand } from './show.ts';

export function historyCommand(context: CommandContext): Command {
  const command = new Command('history')
    .description('past sessions and their results')
    .addCommand(listCommand(context), { isDefault: true })
    .addCommand(showCommand(context));
  return withExamples(command, ['bpfleet history', 'bpfleet history show s4f2c81']);
}
