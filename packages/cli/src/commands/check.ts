/** `bpfleet check`: which hosts would run a program, and why others would not. Nothing is attached. */
import { Command } from 'commander';
import type { CheckRequest, HostVerdict } from '@bpfleet/protocol';
import { jsonLine } from '../output/json-line.ts';
import { table } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
} from './command-context.ts';
import { programRequest, withProgramFlags, type ProgramFlags } from './program-request.ts';

interface CheckFlags extends ProgramFlags {
  readonly local?: boolean;
  readonly json?: boolean;
}

/** @returns the exit code: 0 where every host would run it */
async function check(
  operands: readonly string[],
  flags: CheckFlags,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  const request = await programRequest(operands, flags, terminal);
  const hosts = flags.local === true ? [await checkHere(request, terminal)] : await ask();
  if (flags.json === true) {
    terminal.out(hosts.map((host) => jsonLine({ type: 'check', ...host })).join(''));
  } else {
    terminal.out(table(['HOST', 'VERDICT', 'PROBES'], hosts.map(row)));
    terminal.err(reasons(hosts));
  }
  return hosts.every(({ verdict }) => verdict === 'loads') ? 0 : 1;

  async function ask(): Promise<readonly HostVerdict[]> {
    const client = await connect(flags, context);
    return (await client.check(request)).hosts;
  }
}

async function checkHere(request: CheckRequest, terminal: Terminal): Promise<HostVerdict> {
  const { checkHere: ofThisMachine } = await import('@bpfleet/agent/local');
  const { program: text, sourceName: name, ...rest } = request;
  return ofThisMachine({ name, text, ...rest, environment: terminal.environment });
}

function row(verdict: HostVerdict): readonly string[] {
  const probes = verdict.verdict === 'loads' ? String(verdict.probes) : '-';
  return [verdict.host, verdict.verdict, probes];
}

/** Each warning and each reason once, followed by the hosts it is of. */
function reasons(verdicts: readonly HostVerdict[]): string {
  const hostsOf = new Map<string, string[]>();
  for (const one of verdicts) {
    const text = (one.verdict === 'loads' ? one.warnings : one.message).trimEnd();
    if (text === '') continue;
    const hosts = hostsOf.get(text);
    if (hosts === undefined) hostsOf.set(text, [one.host]);
    else hosts.push(one.host);
  }
  return [...hostsOf].map(([text, hosts]) => `${text}\non ${hosts.join(', ')}\n`).join('');
}

export function checkCommand(context: CommandContext): Command {
  const command = new Command('check').description(
    'would a program load, and on which hosts not, and why; nothing is attached',
  );
  withProgramFlags(command)
    .option('--local', 'ask this machine, and no coordinator')
    .option('--json', 'one JSON object a line')
    .action(async (file: string | undefined, parameters: readonly string[], flags: CheckFlags) => {
      const operands = file === undefined ? [] : [file, ...parameters];
      context.finish(await check(operands, flags, context));
    });
  return withExamples(withCoordinatorFlags(command), [
    "bpfleet check -e 'kprobe:vfs_read { @[comm] = count(); }'",
    'bpfleet check -l role=db latency.bt 42',
    'bpfleet check --local --json latency.bt',
  ]);
}
