/** `bpfleet keys`: what a fleet needs so that its NATS need not be trusted. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { UserError } from '../../terminal.ts';
import { withExamples, type CommandContext } from '../command-context.ts';

interface InitFlags {
  readonly hosts?: string;
  readonly agentsShare?: boolean;
  readonly natsNames?: string;
  readonly kubernetes?: boolean;
}

async function init(folder: string, flags: InitFlags, { terminal }: CommandContext): Promise<void> {
  if ((flags.hosts === undefined) === (flags.agentsShare !== true)) {
    throw new UserError(
      'one of --hosts (a NATS user for each, which can speak for that host only) and --agents-share (one for all) is required',
    );
  }
  const { initKeys, KeysFolderError, CertificateError } = await import('@bpfleet/coordinator');
  const given = listed(flags.natsNames ?? '');
  try {
    const files = await initKeys({
      folder,
      hosts: listed(flags.hosts ?? ''),
      natsNames: given.length > 0 ? given : defaultNames(flags.kubernetes === true),
      kubernetes: flags.kubernetes === true,
    });
    terminal.out(files.map((name) => `${join(folder, name)}\n`).join(''));
  } catch (error) {
    if (error instanceof KeysFolderError || error instanceof CertificateError) {
      throw new UserError(`keys init: ${error.message}`);
    }
    throw error;
  }
}

function defaultNames(kubernetes: boolean): readonly string[] {
  return kubernetes
    ? [
        'nats',
        'nats.bpfleet',
        'nats.bpfleet.svc',
        'nats.bpfleet.svc.cluster.local',
        'localhost',
        '127.0.0.1',
      ]
    : ['localhost', '127.0.0.1', hostname()];
}

function listed(text: string): readonly string[] {
  return [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== '');
}

const FILES = `
coordinator.json and coordinator.nk are for coordinators, agent.json and the agents'
.nk for agents, ca.pem for both, nats-server.conf, nats.crt and nats.key for
nats-server, and operator.nk for looking at streams with the nats command. ca.key
signs more certificates of NATS: keep it elsewhere. Whoever has coordinator.json can
start programs on every host.`;

export function keysCommand(context: CommandContext): Command {
  const command = new Command('keys').description('keys that a fleet needs to mistrust its NATS');
  const make = command
    .command('init')
    .description('make them in a folder, which must be new or empty')
    .argument('<folder>', 'where they are written; readable by you alone')
    .option('--hosts <names>', 'hosts with an agent, by commas: each gets a NATS user of its own')
    .option('--agents-share', 'one NATS user for all agents')
    .option('--nats-names <names>', 'names and addresses under which NATS is reached, by commas')
    .option('--kubernetes', 'write secrets.yaml too, for kubectl apply')
    .action(async (folder: string, flags: InitFlags) => init(folder, flags, context));
  withExamples(make, [
    'bpfleet keys init ./keys --hosts web-1,web-2,db-1 --nats-names nats.example.com,10.0.0.5',
    'bpfleet keys init ./keys --agents-share --kubernetes',
    'nats-server -c ./keys/nats-server.conf',
  ]).addHelpText('after', FILES);
  return command;
}
