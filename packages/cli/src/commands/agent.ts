/** `bpfleet agent`: one node of a fleet. */
import { hostname } from 'node:os';
import { Command } from 'commander';
import type { Budget } from '@bpfleet/agent';
import { parseBytes, parseCount, parseShare } from '../output/amounts.ts';
import { parseDuration } from '../output/duration.ts';
import { withExamples, type CommandContext } from './command-context.ts';
import { labelOption } from './labels.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface AgentFlags {
  readonly nats: string;
  readonly host: string;
  readonly label: Readonly<Record<string, string>>;
  readonly lease: number;
  readonly maxCpu?: number;
  readonly maxEvents?: number;
  readonly maxBytes?: number;
  readonly maxMapMemory?: number;
  readonly maxDuration?: number;
}

export function agentCommand(context: CommandContext): Command {
  const command = new Command('agent')
    .description('trace this host for the fleet')
    .requiredOption('--nats <url>', 'NATS server, such as nats://10.0.0.5:4222')
    .option('--host <name>', 'name of this host in the fleet', hostname())
    .addOption(labelOption('label of this host'))
    .option(
      '--lease <duration>',
      'detach after so long without a coordinator',
      parseDuration,
      30_000,
    )
    .option('--max-cpu <percent>', 'of all CPUs, for the programs of all sessions (1%)', parseShare)
    .option('--max-events <rate>', 'events a second, of all sessions (200000)', parseCount)
    .option('--max-bytes <rate>', 'bytes a second sent to NATS (64M)', parseBytes)
    .option('--max-map-memory <size>', 'kernel memory of maps, of all sessions (1G)', parseBytes)
    .option('--max-duration <duration>', 'of each session (24h)', parseDuration)
    .action(async (flags: AgentFlags) => {
      const [{ startAgent }, { createLog }] = await Promise.all([
        import('@bpfleet/agent'),
        import('../log.ts'),
      ]);
      const agent = await startAgent({
        nats: flags.nats,
        host: flags.host,
        labels: flags.label,
        leaseMs: flags.lease,
        budget: budgetOf(flags),
        log: createLog('agent'),
        environment: { ...context.terminal.environment },
      });
      const interrupted = await untilInterrupted(context.terminal, agent.closed);
      await agent.close();
      context.finish(interrupted ? 0 : 1);
    });
  return withExamples(command, [
    'bpfleet agent --nats nats://10.0.0.5:4222',
    'bpfleet agent --nats nats://10.0.0.5:4222 --host db-1 -l role=db -l zone=a',
    'bpfleet agent --nats nats://10.0.0.5:4222 --max-cpu 0.5% --max-events 10000',
  ]);
}

function budgetOf(flags: AgentFlags): Partial<Budget> {
  const { maxCpu, maxEvents, maxBytes, maxMapMemory, maxDuration } = flags;
  return {
    ...(maxCpu === undefined ? {} : { cpuShare: maxCpu }),
    ...(maxEvents === undefined ? {} : { eventsPerSecond: maxEvents }),
    ...(maxBytes === undefined ? {} : { bytesPerSecond: maxBytes }),
    ...(maxMapMemory === undefined ? {} : { mapBytes: maxMapMemory }),
    ...(maxDuration === undefined ? {} : { durationMs: maxDuration }),
  };
}
