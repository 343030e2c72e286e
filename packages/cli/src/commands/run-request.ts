/** Making a session and following it: what `run` and `history rerun` share. */
import { Option, type Command } from 'commander';
import type { AtLeast, RunRequest, SessionInfo } from '@bpfleet/protocol';
import type { ApiClient } from '../api-client.ts';
import { followSession, INTERRUPTED } from '../follow-session.ts';
import { parseDuration } from '../output/duration.ts';
import { jsonLine } from '../output/json-line.ts';
import { SessionPrinter } from '../output/session-printer.ts';
import { parseAtLeast, parseCount } from './amounts-of-hosts.ts';
import { budgetOf, withBudgetFlags, type BudgetFlags } from './budget-flags.ts';
import { connect, type CommandContext, type CoordinatorFlags } from './command-context.ts';
import { containersOf, withContainerFlags, type ContainerFlags } from './container-flags.ts';
import { joinOption, spanOption } from './correlation-flags.ts';
import { waitForHosts } from './wait-for-hosts.ts';

export interface SessionFlags extends CoordinatorFlags, BudgetFlags, ContainerFlags {
  readonly byHost?: boolean;
  readonly merge?: boolean;
  readonly atLeast?: AtLeast;
  readonly wait?: number;
  readonly waitTimeout: number;
  readonly for?: number;
  readonly detach?: boolean;
  readonly span: readonly string[];
  readonly join: readonly string[];
  readonly json?: boolean;
}

export function withSessionFlags(command: Command): Command {
  command
    .addOption(new Option('--by-host', 'do not merge: one answer for each host').conflicts('merge'))
    .option('--merge', 'merge keys too that mean something on one host only, such as pids')
    .option('--wait <hosts>', 'start once so many selected hosts are live', parseCount)
    .addOption(
      new Option('--wait-timeout <duration>', 'give up waiting for hosts')
        .argParser(parseDuration)
        .default(300_000, '5m'),
    )
    .option(
      '--at-least <hosts>',
      'start only if so many, or a share such as 95%, could; exit 1 if fewer stay to the end',
      parseAtLeast,
    )
    .option('--for <duration>', 'stop by itself after 30s, 5m …', parseDuration)
    .addOption(spanOption())
    .addOption(joinOption())
    .option('-d, --detach', 'print the session id and leave it running')
    .option('--json', 'one JSON object a line');
  withContainerFlags(command);
  return withBudgetFlags(command, {
    maxCpu: 'end it on a host where its programs take more of all CPUs',
    maxEvents: 'end it on a host where it sends more events a second',
    maxBytes: 'end it on a host where it sends more bytes a second',
    maxMapMemory: 'end it on a host where its maps take more kernel memory',
  });
}

/** What the flags say of a request; what is not given is left out. */
export function requestFlags(
  flags: SessionFlags,
): Pick<
  RunRequest,
  'merge' | 'atLeast' | 'durationMs' | 'budget' | 'containers' | 'spans' | 'joins'
> {
  const mode = flags.byHost === true ? 'host' : flags.merge === true ? 'all' : undefined;
  const budget = budgetOf(flags);
  const containers = containersOf(flags);
  return {
    ...(mode === undefined ? {} : { merge: mode }),
    ...(flags.atLeast === undefined ? {} : { atLeast: flags.atLeast }),
    ...(flags.for === undefined ? {} : { durationMs: flags.for }),
    ...(Object.keys(budget).length === 0 ? {} : { budget }),
    ...(containers === undefined ? {} : { containers }),
    ...(flags.span.length === 0 ? {} : { spans: flags.span }),
    ...(flags.join.length === 0 ? {} : { joins: flags.join }),
  };
}

/** @returns the exit code */
export async function runRequest(
  request: RunRequest,
  flags: SessionFlags,
  context: CommandContext,
): Promise<number> {
  return startAndFollow(
    { selector: request.selector, start: async (client) => client.run(request) },
    flags,
    context,
  );
}

/** Of a program that need not be here. */
export interface Startable {
  readonly selector: RunRequest['selector'];
  readonly start: (client: ApiClient) => Promise<SessionInfo>;
}

/** @returns the exit code */
export async function startAndFollow(
  { selector, start }: Startable,
  flags: SessionFlags,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  const client = await connect(flags, context);
  if (flags.wait !== undefined) {
    const { wait: hosts, waitTimeout: timeoutMs } = flags;
    const ready = await waitForHosts(client, selector, { hosts, timeoutMs }, terminal);
    if (!ready) return INTERRUPTED;
  }
  const session = await start(client);
  if (flags.detach === true) {
    terminal.out(flags.json === true ? jsonLine(session) : `${session.id}\n`);
    return 0;
  }
  const printer = new SessionPrinter(terminal, { json: flags.json === true });
  return followSession(client, session.id, printer, terminal, {
    atLeast: flags.atLeast,
    fromStart: true,
  });
}
