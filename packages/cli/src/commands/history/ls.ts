/** `bpfleet history ls`: which sessions there were. */
import { Command, Option } from 'commander';
import type { HistoryFilter, SessionState } from '@bpfleet/protocol';
import { jsonLine } from '../../output/json-line.ts';
import { momentMs } from '../../output/moment.ts';
import { sessionTable } from '../../output/session-table.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from '../command-context.ts';
import { upTo } from './number-flags.ts';

const STATES: readonly SessionState[] = ['arming', 'running', 'stopping', 'ended', 'failed'];

interface ListFlags extends CoordinatorFlags {
  readonly since?: string;
  readonly until?: string;
  readonly user?: string;
  readonly probe?: string;
  readonly host?: string;
  readonly text?: string;
  readonly state?: SessionState;
  readonly limit: number;
  readonly json?: boolean;
}

function filterOf(flags: ListFlags, nowMs: number): HistoryFilter {
  const { since, until, user, probe, host, text, state, limit } = flags;
  return {
    limit,
    ...(since !== undefined && { sinceMs: momentMs(since, nowMs) }),
    ...(until !== undefined && { untilMs: momentMs(until, nowMs) }),
    ...(user !== undefined && { user }),
    ...(probe !== undefined && { probe }),
    ...(host !== undefined && { host }),
    ...(text !== undefined && { text }),
    ...(state !== undefined && { state }),
  };
}

export function listCommand(context: CommandContext): Command {
  const command = new Command('ls')
    .description('list past sessions, newest first')
    .option('--since <time>', 'that ran then or later: 2h (ago), 10:30, 2026-11-23T10:30')
    .option('--until <time>', 'that had begun by then')
    .option('--user <name>', 'that this user ran; * and ? are wildcards here and below')
    .option('--probe <probe>', 'with this probe, or a wildcard that matches it')
    .option('--host <name>', 'that ran on this host')
    .option('--text <text>', 'with this text in the program or the name of its file')
    .addOption(new Option('--state <state>', 'in this state').choices(STATES))
    .option('-n, --limit <count>', 'at most this many', upTo(10_000), 50)
    .option('--json', 'one JSON object a line')
    .action(async (flags: ListFlags) => {
      const nowMs = Date.now();
      const filter = filterOf(flags, nowMs);
      const client = await connect(flags, context);
      const sessions = await client.history(filter);
      context.terminal.out(
        flags.json === true ? sessions.map(jsonLine).join('') : sessionTable(sessions, nowMs),
      );
    });
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet history ls -n 10',
    'bpfleet history ls --since 2d --user root --host web-3',
    "bpfleet history ls --probe 'tracepoint:syscalls:*' --state ended",
    'bpfleet history ls --since 2026-11-23T09:00 --until 2026-11-23T17:00 --text vfs_read',
  ]);
}
