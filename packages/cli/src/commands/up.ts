/** `bpfleet up`: nats-server, coordinator and agent on this machine, as child processes. */
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { LocalFleet } from '../up/local-fleet.ts';
import { withExamples, type CommandContext } from './command-context.ts';
import { labelOption } from './labels.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface UpFlags {
  readonly store: string;
  readonly retention?: string;
  readonly listen: string;
  readonly natsPort: string;
  readonly host: string;
  readonly label: Readonly<Record<string, string>>;
}

async function up(flags: UpFlags, { terminal, finish }: CommandContext): Promise<void> {
  const fleet = new LocalFleet({
    self: terminal.self,
    folder: flags.store,
    listen: flags.listen,
    natsPort: Number(flags.natsPort),
    host: flags.host,
    labels: flags.label,
    environment: terminal.environment,
    retention: flags.retention,
    log: terminal.err,
  });
  try {
    const started = fleet.start();
    const early = await untilInterrupted(terminal, started);
    if (early) {
      finish(130);
      return;
    }
    terminal.out(
      `coordinator  http://${flags.listen}\n` +
        `nats         ${fleet.natsUrl}\n` +
        `store        ${flags.store}\n` +
        `host         ${flags.host}\n` +
        `Ctrl-C ends all of it.\n`,
    );
    const interrupted = await untilInterrupted(terminal, fleet.failed);
    finish(interrupted ? 0 : 1);
  } finally {
    await fleet.stop();
  }
}

export function upCommand(context: CommandContext): Command {
  const command = new Command('up')
    .description('a whole fleet on this machine: nats-server, coordinator, agent, ClickHouse')
    .option('--store <folder>', 'where everything is kept', join(homedir(), '.local/share/bpfleet'))
    .option('--retention <ages>', 'how long rows are kept, such as 90d; see "bpfleet coordinator"')
    .option('--listen <address>', 'address of the HTTP API', '127.0.0.1:8080')
    .option('--nats-port <port>', 'port of nats-server on 127.0.0.1', '4222')
    .option('--host <name>', 'name of this host in the fleet', hostname())
    .addOption(labelOption('label of this host'))
    .action(async (flags: UpFlags) => up(flags, context));
  return withExamples(command, [
    'bpfleet up',
    'bpfleet up --store ./history --listen 127.0.0.1:9090',
  ]);
}
