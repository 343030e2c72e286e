/** `bpfleet library`: reviewed programs, run by their names. */
import { Command } from 'commander';
import { withExamples, type CommandContext } from '../command-context.ts';
import { addToLibraryCommand } from './add.ts';
import { listLibraryCommand } from './ls.ts';
import { removeFromLibraryCommand } from './rm.ts';
import { runOfLibraryCommand } from './run.ts';
import { showLibraryCommand } from './show.ts';

const ROLES = `
An admin adds and removes; each change of a program is a version, and all are kept.
Operators run everything in it. Viewers run what was added with --role viewer, for 10
minutes at most, and nothing else: programs of one's own need an operator.`;

export function libraryCommand(context: CommandContext): Command {
  const command = new Command('library')
    .description('named, reviewed programs: add them, run them with parameters')
    .addCommand(addToLibraryCommand(context))
    .addCommand(listLibraryCommand(context))
    .addCommand(showLibraryCommand(context))
    .addCommand(removeFromLibraryCommand(context))
    .addCommand(runOfLibraryCommand(context));
  return withExamples(command, [
    'bpfleet library add slow-reads slow-reads.bt --param 1=number --role viewer',
    'bpfleet library ls',
    'bpfleet library run slow-reads --param 1=10 -l role=db --for 1m',
  ]).addHelpText('after', ROLES);
}
