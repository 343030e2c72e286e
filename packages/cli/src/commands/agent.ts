/** `bpfleet agent`: one node of a fleet. */
import { hostname } from 'node:os';
import { Command, Option } from 'commander';
import { parseDuration } from '../output/duration.ts';
import { budgetOf, withBudgetFlags, type BudgetFlags } from './budget-flags.ts';
import { withExamples, type CommandContext } from './command-context.ts';
import { labelOption } from './labels.ts';
import { natsOf, withNatsFlags, type NatsFlags } from './nats-flags.ts';
import { nodeOf, withNodeFlags, type NodeFlags } from './node-flags.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface AgentFlags extends BudgetFlags, NatsFlags, NodeFlags {
  readonly host: string;
  readonly label: Readonly<Record<string, string>>;
  readonly lease: number;
  readonly maxDuration?: number;
  readonly policy?: string;
  readonly allowUnsafe?: true;
}

export function agentCommand(context: CommandContext): Command {
  const command = withNatsFlags(
    new Command('agent').description('trace this host for the fleet'),
    'agent',
  )
    .option('--host <name>', 'name of this host in the fleet', hostname())
    .addOption(labelOption('label of this host'))
    .option(
      '--lease <duration>',
      'detach after so long without a coordinator',
      parseDuration,
      30_000,
    )
    .option('--max-duration <duration>', 'of each session (24h)', parseDuration)
    .option('--policy <file>', 'what this host allows, whatever the fleet asks for (JSON)')
    .addOption(
      new Option(
        '--allow-unsafe',
        'runs may use --unsafe; with a policy file, that file says so',
      ).conflicts('policy'),
    )
    .action(async (flags: AgentFlags) => {
      const [{ inClusterApi, startAgent }, { createLog }] = await Promise.all([
        import('@bpfleet/agent'),
        import('../log.ts'),
      ]);
      const { environment } = context.terminal;
      const log = createLog('agent');
      const kubernetes = nodeOf(
        flags,
        environment['NODE_NAME'],
        inClusterApi(environment),
        (message) => log.warn(message),
      );
      const agent = await startAgent({
        nats: await natsOf(flags, environment, 'agent'),
        host: flags.host,
        labels: flags.label,
        leaseMs: flags.lease,
        ...(kubernetes === undefined ? {} : { kubernetes }),
        budget: {
          ...budgetOf(flags),
          ...(flags.maxDuration === undefined ? {} : { durationMs: flags.maxDuration }),
        },
        ...(flags.policy === undefined ? {} : { policy: flags.policy }),
        allowUnsafe: flags.allowUnsafe === true,
        log,
        environment: { ...environment, BPFLEET_KEYS: undefined },
      });
      const forget =
        flags.policy === undefined
          ? (): void => {}
          : context.terminal.onReload(() => agent.rereadPolicy());
      const interrupted = await untilInterrupted(context.terminal, agent.closed);
      forget();
      await agent.close();
      context.finish(interrupted ? 0 : 1);
    });
  withNodeFlags(command);
  withBudgetFlags(command, {
    maxCpu: 'of all CPUs, for the programs of all sessions (1%)',
    maxEvents: 'events a second, of all sessions (200000)',
    maxBytes: 'bytes a second sent to NATS (64M)',
    maxMapMemory: 'kernel memory of maps, of all sessions (1G)',
  });
  return withExamples(command, [
    'bpfleet agent --nats tls://10.0.0.5:4222 --nats-ca ca.pem --nats-nkey agent.nk --keys agent.json',
    'bpfleet agent --nats nats://127.0.0.1:4222',
    'bpfleet agent --nats nats://127.0.0.1:4222 --host db-1 -l role=db -l zone=a',
    'kubectl proxy & bpfleet agent --nats nats://127.0.0.1:4222 --node worker-1 --kubernetes-api http://127.0.0.1:8001',
    'bpfleet agent --nats nats://127.0.0.1:4222 --max-cpu 0.5% --max-events 10000',
    'bpfleet agent --nats nats://127.0.0.1:4222 --policy /etc/bpfleet/policy.json',
  ]);
}
