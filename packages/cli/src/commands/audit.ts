/** `bpfleet audit`: who did what. */
import { Command, Option } from 'commander';
import {
  AUDIT_ACTIONS,
  type AuditAction,
  type AuditEntry,
  type AuditFilter,
} from '@bpfleet/protocol';
import { jsonLine } from '../output/json-line.ts';
import { momentMs } from '../output/moment.ts';
import { table } from '../output/table.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from './command-context.ts';
import { upTo } from './history/number-flags.ts';

interface AuditFlags extends CoordinatorFlags {
  readonly since?: string;
  readonly until?: string;
  readonly user?: string;
  readonly action?: AuditAction;
  readonly session?: string;
  readonly limit: number;
  readonly json?: boolean;
}

function filterOf(flags: AuditFlags, nowMs: number): AuditFilter {
  const { since, until, user, action, session, limit } = flags;
  return {
    limit,
    ...(since !== undefined && { sinceMs: momentMs(since, nowMs) }),
    ...(until !== undefined && { untilMs: momentMs(until, nowMs) }),
    ...(user !== undefined && { user }),
    ...(action !== undefined && { action }),
    ...(session !== undefined && { session }),
  };
}

export function auditCommand(context: CommandContext): Command {
  const command = new Command('audit')
    .description('who ran, stopped, removed and asked what, and what was denied to whom')
    .option('--since <time>', 'then or later: 2h (ago), 10:30, 2026-11-23T10:30')
    .option('--until <time>', 'by then')
    .option('--user <name>', 'of this user; * and ? are wildcards')
    .addOption(new Option('--action <action>', 'only this').choices(AUDIT_ACTIONS))
    .option('--session <id>', 'about this session')
    .option('-n, --limit <count>', 'the last, so many', upTo(100_000), 100)
    .option('--json', 'one JSON object a line, with the whole program or SQL')
    .action(async (flags: AuditFlags) => {
      const client = await connect(flags, context);
      const entries = await client.audit(filterOf(flags, Date.now()));
      context.terminal.out(
        flags.json === true ? entries.map(jsonLine).join('') : table(HEADER, entries.map(row)),
      );
    });
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet audit --since 1d --action denied',
    'bpfleet audit --user ann --json',
    'bpfleet audit --session s4f2c81',
  ]);
}

const HEADER = ['AT', 'WHO', 'FROM', 'ACTION', 'SESSION', 'PROGRAM', 'OUTCOME', 'DETAIL'];
const MAX_DETAIL = 60;

function row(entry: AuditEntry): readonly string[] {
  const { atMs, who, address, action, session, digest, outcome, detail } = entry;
  const line = detail.replaceAll(/\s+/g, ' ');
  const cut = line.length > MAX_DETAIL ? `${line.slice(0, MAX_DETAIL - 1)}…` : line;
  return [new Date(atMs).toISOString(), who, address, action, session, digest, outcome, cut];
}
