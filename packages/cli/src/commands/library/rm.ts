/** `bpfleet library rm`: nobody can run it any more; its versions are kept. */
import { Command } from 'commander';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from '../command-context.ts';

export function removeFromLibraryCommand(context: CommandContext): Command {
  const command = new Command('rm')
    .description('take a program out; what was run of it stays in the history')
    .argument('<name>', 'as "bpfleet library ls" shows it')
    .action(async (name: string, flags: CoordinatorFlags) => {
      const { terminal } = context;
      await (await connect(flags, context)).removeFromLibrary(name, terminal.userName);
      terminal.out(`removed ${name}\n`);
    });
  return withExamples(withCoordinatorFlags(command), ['bpfleet library rm slow-reads']);
}
