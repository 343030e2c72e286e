/** `bpfleet hosts`: who is in the fleet. */
import { Command } from 'commander';
import type { HostInfo, HostPolicy } from '@bpfleet/protocol';
import { ago } from '../output/duration.ts';
import { jsonLine } from '../output/json-line.ts';
import { table } from '../output/table.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from './command-context.ts';
import { labelOption, labelText } from './labels.ts';

interface HostsFlags extends CoordinatorFlags {
  readonly label: Readonly<Record<string, string>>;
  readonly json?: boolean;
}

const HEADER = ['HOST', 'STATE', 'KERNEL', 'ARCH', 'LABELS', 'CLOCK', 'SESSIONS', 'POLICY', 'SEEN'];

function row(info: HostInfo, nowMs: number): readonly string[] {
  const {
    host,
    state,
    kernel,
    arch,
    labels,
    clockOffsetNs,
    clockErrorNs,
    sessions,
    policy,
    lastSeenMs,
  } = info;
  return [
    ...[host, state, kernel, arch, labelText(labels)],
    clockText(clockOffsetNs, clockErrorNs),
    String(sessions.length),
    policyText(policy),
    ago(lastSeenMs, nowMs),
  ];
}

/** `no-unsafe` and `redact` where it says so; `!` where the file as it is now is not obeyed. */
function policyText(policy: HostPolicy | undefined): string {
  if (policy === undefined) return '-';
  const { digest, unsafe, redact, fault } = policy;
  const says = [
    digest.slice(0, 8),
    ...(unsafe ? ['unsafe'] : []),
    ...(redact ? ['redact'] : []),
    ...(fault === undefined ? [] : ['faulty']),
  ];
  return says.join(',');
}

/** By how much the host's clock is ahead of the coordinator's: `-312000.4ms ±2.3ms`. */
function clockText(offsetNs: number, errorNs: number): string {
  const ahead = -offsetNs / 1e6;
  const sign = ahead < 0 ? '-' : '+';
  return `${sign}${Math.abs(ahead).toFixed(1)}ms ±${(errorNs / 1e6).toFixed(1)}ms`;
}

export function hostsCommand(context: CommandContext): Command {
  const command = new Command('hosts')
    .description('list the hosts of the fleet')
    .addOption(labelOption('only hosts with this label'))
    .option('--json', 'one JSON object a line')
    .action(async (flags: HostsFlags) => {
      const client = await connect(flags, context);
      const hosts = await client.hosts(flags.label);
      context.terminal.out(
        flags.json === true
          ? hosts.map(jsonLine).join('')
          : table(
              HEADER,
              hosts.map((host) => row(host, Date.now())),
            ),
      );
    });
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet hosts',
    'bpfleet hosts -l role=db --json',
  ]);
}
