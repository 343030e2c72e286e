/** `bpfleet run`: one program on many hosts. */
import { Command } from 'commander';
import type { RunRequest } from '@bpfleet/protocol';
import { followSession } from '../follow-session.ts';
import { parseDuration } from '../output/duration.ts';
import { jsonLine } from '../output/json-line.ts';
import { SessionPrinter } from '../output/session-printer.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
} from './command-context.ts';
import { programRequest, withProgramFlags, type ProgramFlags } from './program-request.ts';

interface RunFlags extends ProgramFlags {
  readonly byHost?: boolean;
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
  const request: RunRequest = {
    ...(await programRequest(operands, flags, terminal)),
    byHost: flags.byHost === true,
    ...(flags.for === undefined ? {} : { durationMs: flags.for }),
  };
  const client = await connect(flags, context);
  const session = await client.run(request);
  if (flags.detach === true) {
    terminal.out(flags.json === true ? jsonLine(session) : `${session.id}\n`);
    return 0;
  }
  const printer = new SessionPrinter(terminal, { json: flags.json === true });
  return followSession(client, session.id, printer, terminal);
}

export function runCommand(context: CommandContext): Command {
  const command = new Command('run').description(
    'run a program on the fleet and print one merged answer',
  );
  withProgramFlags(command)
    .option('--by-host', 'do not merge: one answer for each host')
    .option('--for <duration>', 'stop by itself after 30s, 5m …', parseDuration)
    .option('-d, --detach', 'print the session id and leave it running')
    .option('--json', 'one JSON object a line')
    .action(async (file: string | undefined, parameters: readonly string[], flags: RunFlags) => {
      const operands = file === undefined ? [] : [file, ...parameters];
      context.finish(await run(operands, flags, context));
    });
  return withExamples(withCoordinatorFlags(command), [
    "bpfleet run -e 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }' --for 10s",
    'bpfleet run -l role=db latency.bt 42',
    "bpfleet run --host web-1,web-2 --by-host -e 'profile:hz:99 { @[kstack] = count(); }'",
    'bpfleet run --detach -e \'tracepoint:oom:mark_victim { printf("%d\\n", args.pid); }\'',
  ]);
}
