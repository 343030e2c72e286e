/** `bpfleet history rm`: sessions out of the history, for good. */
import { Command } from 'commander';
import type { SessionInfo } from '@bpfleet/protocol';
import { jsonLine } from '../../output/json-line.ts';
import { sessionTable } from '../../output/session-table.ts';
import { UserError, type Terminal } from '../../terminal.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from '../command-context.ts';

interface RemoveFlags extends CoordinatorFlags {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Only a terminal is asked: who writes a script has decided. */
async function isMeant(sessions: readonly SessionInfo[], terminal: Terminal): Promise<boolean> {
  terminal.err(sessionTable(sessions, Date.now()));
  const what = sessions.length === 1 ? 'this session' : `these ${sessions.length} sessions`;
  const answer = await terminal.ask(`Remove ${what} and all that is stored of it? [y/N] `);
  return /^y(es)?$/i.test(answer.trim());
}

export function removeCommand(context: CommandContext): Command {
  const command = new Command('rm')
    .description('remove sessions that are over, with all that is stored of them')
    .argument('<ids...>', 'sessions, or the beginnings of their ids')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'one JSON object a line')
    .action(async (ids: readonly string[], flags: RemoveFlags) => {
      const { terminal } = context;
      const client = await connect(flags, context);
      // All are looked up first: a mistyped one is to remove nothing.
      const found: SessionInfo[] = [];
      for (const id of ids) found.push(await client.session(id));
      const sessions = found.filter(
        ({ id }, index) => found.findIndex((other) => other.id === id) === index,
      );
      const asks = terminal.size !== undefined && flags.yes !== true;
      if (asks && !(await isMeant(sessions, terminal))) throw new UserError('nothing was removed');
      for (const { id } of sessions) {
        const removed = await client.remove(id, terminal.userName);
        terminal.out(flags.json === true ? jsonLine(removed) : `${removed.id} removed\n`);
      }
    });
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet history rm s4f2c81',
    'bpfleet history rm --yes s4f2c81 s5a0b9c',
  ]);
}
