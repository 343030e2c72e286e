/** `bpfleet run`: one program on many hosts. */
import { Command, Option } from 'commander';
import type { AtLeast, RunRequest } from '@bpfleet/protocol';
import { followSession, INTERRUPTED } from '../follow-session.ts';
import { parseDuration } from '../output/duration.ts';
import { jsonLine } from '../output/json-line.ts';
import { SessionPrinter } from '../output/session-printer.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
} from './command-context.ts';
import { parseAtLeast, parseCount } from './amounts-of-hosts.ts';
import { budgetOf, withBudgetFlags, type BudgetFlags } from './budget-flags.ts';
import { programRequest, withProgramFlags, type ProgramFlags } from './program-request.ts';
import { newSessionId } from '../session-id.ts';
import { waitForHosts } from './wait-for-hosts.ts';

interface RunFlags extends ProgramFlags, BudgetFlags {
  readonly byHost?: boolean;
  readonly merge?: boolean;
  readonly atLeast?: AtLeast;
  readonly wait?: number;
  readonly waitTimeout: number;
  readonly for?: number;
  readonly detach?: boolean;
  readonly json?: boolean;
}

async function run(
  operands: readonly string[],
  flags: RunFlags,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  const mode = flags.byHost === true ? 'host' : flags.merge === true ? 'all' : undefined;
  const budget = budgetOf(flags);
  const request: RunRequest = {
    id: newSessionId(),
    ...(await programRequest(operands, flags, terminal)),
    ...(mode === undefined ? {} : { merge: mode }),
    ...(flags.atLeast === undefined ? {} : { atLeast: flags.atLeast }),
    ...(flags.for === undefined ? {} : { durationMs: flags.for }),
    ...(Object.keys(budget).length === 0 ? {} : { budget }),
  };
  const client = await connect(flags, context);
  if (flags.wait !== undefined) {
    const { wait: hosts, waitTimeout: timeoutMs } = flags;
    const ready = await waitForHosts(client, request.selector, { hosts, timeoutMs }, terminal);
    if (!ready) return INTERRUPTED;
  }
  const session = await client.run(request);
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

export function runCommand(context: CommandContext): Command {
  const command = new Command('run').description(
    'run a program on the fleet and print one merged answer',
  );
  withProgramFlags(command)
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
    .option('-d, --detach', 'print the session id and leave it running')
    .option('--json', 'one JSON object a line')
    .action(async (file: string | undefined, parameters: readonly string[], flags: RunFlags) => {
      const operands = file === undefined ? [] : [file, ...parameters];
      context.finish(await run(operands, flags, context));
    });
  withBudgetFlags(command, {
    maxCpu: 'end it on a host where its programs take more of all CPUs',
    maxEvents: 'end it on a host where it sends more events a second',
    maxBytes: 'end it on a host where it sends more bytes a second',
    maxMapMemory: 'end it on a host where its maps take more kernel memory',
  });
  return withExamples(withCoordinatorFlags(command), [
    "bpfleet run -e 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }' --for 10s",
    'bpfleet run -l role=db latency.bt 42',
    "bpfleet run --host web-1,web-2 --by-host -e 'profile:hz:99 { @[kstack] = count(); }'",
    "bpfleet run --wait 40 --at-least 95% -l role=web -e 'tracepoint:sched:sched_switch { @ = count(); }' --for 1m",
    "bpfleet run --max-cpu 0.2% --max-events 5000 -e 'tracepoint:syscalls:sys_enter_openat { print(comm); }'",
    'bpfleet run --detach -e \'tracepoint:oom:mark_victim { printf("%d\\n", args.pid); }\'',
  ]);
}
