/** `bpfleet coordinator`: merges, stores and answers. */
import { Command } from 'commander';
import { withExamples, type CommandContext } from './command-context.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface CoordinatorCommandFlags {
  readonly nats: string;
  readonly listen: string;
  readonly store?: string;
  readonly clickhouse?: string;
}

export function coordinatorCommand(context: CommandContext): Command {
  const command = new Command('coordinator')
    .description('merge what the agents send, keep it, and answer the API')
    .requiredOption('--nats <url>', 'NATS server, such as nats://10.0.0.5:4222')
    .option('--listen <address>', 'address of the HTTP API', '127.0.0.1:8080')
    .option('--store <folder>', 'embedded ClickHouse in this folder')
    .option('--clickhouse <url>', 'a ClickHouse server instead, such as http://10.0.0.6:8123')
    .action(async (flags: CoordinatorCommandFlags) => {
      await serve(flags, context);
    });
  return withExamples(command, [
    'bpfleet coordinator --nats nats://127.0.0.1:4222 --store ./history',
    'bpfleet coordinator --nats nats://10.0.0.5:4222 --clickhouse http://10.0.0.6:8123',
  ]);
}
