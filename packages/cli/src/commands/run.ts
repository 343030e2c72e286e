/** `bpfleet run`: one program on many hosts. */
import { Command } from 'commander';
import type { RunRequest } from '@bpfleet/protocol';
import { filesOf } from '../files-of.ts';
import { followSession } from '../follow-session.ts';
import { parseDuration } from '../output/duration.ts';
import { jsonLine } from '../output/json-line.ts';
import { SessionPrinter } from '../output/session-printer.ts';
import { readProgram } from '../read-program.ts';
import { UserError, type Terminal } from '../terminal.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from './command-context.ts';
import { hostOption, labelOption } from './labels.ts';

interface RunFlags extends CoordinatorFlags {
  readonly program?: string;
  readonly label: Readonly<Record<string, string>>;
  readonly host: readonly string[];
  readonly byHost?: boolean;
  readonly for?: number;
  readonly detach?: boolean;
  readonly unsafe?: boolean;
  readonly json?: boolean;
}

interface Program {
  readonly text: string;
  readonly name: string;
  readonly parameters: readonly string[];
}

async function programOf(
  flags: RunFlags,
  operands: readonly string[],
  terminal: Terminal,
): Promise<Program> {
  if (flags.program !== undefined) {
    return { text: flags.program, name: 'stdin', parameters: operands };
  }
  const [path, ...parameters] = operands;
  if (path === undefined) throw new UserError("a FILE, - or -e 'program' is required");
  if (path === '-') return { text: await terminal.readInput(), name: 'stdin', parameters };
  return { text: await readProgram(path), name: path, parameters };
}

async function run(
  operands: readonly string[],
  flags: RunFlags,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  const program = await programOf(flags, operands, terminal);
  const files = await filesOf(program);
  const isNamed = (parameter: string): boolean => parameter.startsWith('--');
  const named = program.parameters.filter(isNamed);
  const request: RunRequest = {
    program: program.text,
    sourceName: program.name,
    ...(Object.keys(files).length === 0 ? {} : { files }),
    parameters: program.parameters.filter((one) => !isNamed(one)),
    ...(named.length === 0 ? {} : { namedParameters: named.map((one) => one.slice(2)) }),
    selector: { hosts: flags.host, labels: flags.label },
    unsafe: flags.unsafe === true,
    byHost: flags.byHost === true,
    who: terminal.userName,
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
  const command = new Command('run')
    .description('run a program on the fleet and print one merged answer')
    .argument('[file]', 'program, or - for standard input; with -e the first parameter')
    .argument(
      '[parameters...]',
      'positional parameters $1, $2, …; named ones, --name=value, after --',
    )
    .option('-e, --program <program>', 'the program itself')
    .addOption(labelOption('hosts with this label'))
    .addOption(hostOption())
    .option('--by-host', 'do not merge: one answer for each host')
    .option('--for <duration>', 'stop by itself after 30s, 5m …', parseDuration)
    .option('-d, --detach', 'print the session id and leave it running')
    .option('--unsafe', 'allow functions that change the hosts')
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
