/** `bpfleet coordinator`: merges, stores and answers. */
import { Command } from 'commander';
import type { Listen, StoreOptions } from '@bpfleet/coordinator';
import { UserError } from '../terminal.ts';
import { accessOf, withAccessFlags, type AccessFlags } from './access-flags.ts';
import { withExamples, type CommandContext } from './command-context.ts';
import { natsOf, withNatsFlags, type NatsFlags } from './nats-flags.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface CoordinatorCommandFlags extends AccessFlags, NatsFlags {
  readonly listen: string;
  readonly store?: string;
  readonly clickhouse?: string;
  readonly clickhouseCluster?: string;
  readonly retention?: string;
  readonly id?: string;
}

/** `address:port`; IPv6 addresses in brackets. */
function parseAddress(text: string): Listen {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port) > 65_535) {
    throw new UserError(`not an address: ${text} (such as 127.0.0.1:8080)`);
  }
  return { host, port: Number(port) };
}

const MORE = `
On 127.0.0.1 whoever is on this machine may use the API, unless --tokens or --token
say otherwise. On other addresses it needs both TLS and tokens.

Several coordinators on one NATS share the fleet: each shows every session, and runs
those that were started through it. When one dies, another goes on with its sessions
after 3 seconds. Name them all, and run, attach and the rest use one that answers:
  bpfleet run --url http://10.0.0.7:8080,http://10.0.0.8:8080 …
With --clickhouse they share one history; with --store each has the history of the
sessions that it owned to their end.

User, password and database of a ClickHouse server can be part of its address
(http://user:password@10.0.0.6:8123/database); the password can be in
BPFLEET_CLICKHOUSE_PASSWORD instead, where no list of processes shows it.`;

async function serve(flags: CoordinatorCommandFlags, context: CommandContext): Promise<void> {
  const { terminal } = context;
  if ((flags.store === undefined) === (flags.clickhouse === undefined)) {
    throw new UserError('one of --store and --clickhouse is required');
  }
  if (flags.clickhouseCluster !== undefined && flags.clickhouse === undefined) {
    throw new UserError(
      '--clickhouse-cluster needs --clickhouse, the address of one of its servers',
    );
  }
  const listen = parseAddress(flags.listen);
  if (flags.id !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(flags.id)) {
    throw new UserError(`not a name: ${flags.id} (letters, digits, - and _)`);
  }
  const [{ startCoordinator }, { createLog }] = await Promise.all([
    import('@bpfleet/coordinator'),
    import('../log.ts'),
  ]);
  const coordinator = await startCoordinator({
    nats: await natsOf(flags, terminal.environment, 'coordinator'),
    store: await storeOptions(flags, terminal.environment),
    listen,
    ...(flags.id === undefined ? {} : { id: flags.id }),
    log: createLog('coordinator'),
    access: accessOf(flags, terminal.environment),
  });
  terminal.out(`${coordinator.url}\n`);
  const interrupted = await untilInterrupted(terminal, coordinator.closed);
  await coordinator.close();
  context.finish(interrupted ? 0 : 1);
}

async function storeOptions(
  { store, clickhouse = '', clickhouseCluster: cluster, retention }: CoordinatorCommandFlags,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<StoreOptions> {
  const password = environment['BPFLEET_CLICKHOUSE_PASSWORD'];
  const place =
    store === undefined
      ? {
          url: clickhouse,
          ...(password !== undefined && { password }),
          ...(cluster !== undefined && { cluster }),
        }
      : { path: store };
  if (retention === undefined) return place;
  const { parseRetention, RetentionError } = await import('@bpfleet/coordinator');
  try {
    return { ...place, retention: parseRetention(retention) };
  } catch (error) {
    if (error instanceof RetentionError) throw new UserError(`--retention: ${error.message}`);
    throw error;
  }
}

export function coordinatorCommand(context: CommandContext): Command {
  const command = withNatsFlags(
    new Command('coordinator').description(
      'merge what the agents send, keep it, and answer the API',
    ),
    'coordinator',
  )
    .option('--listen <address>', 'address of the HTTP API', '127.0.0.1:8080')
    .option('--store <folder>', 'embedded ClickHouse in this folder')
    .option('--clickhouse <url>', 'a ClickHouse server instead, such as http://10.0.0.6:8123')
    .option('--clickhouse-cluster <name>', 'tables on all servers of this cluster of that server')
    .option(
      '--retention <ages>',
      'how long rows are kept, such as 90d or events=30d,map_points_1s=7d; what is not named, for ever',
    )
    .option('--id <name>', 'its name among several; remembered in the store, or new, when absent')
    .action(async (flags: CoordinatorCommandFlags) => {
      await serve(flags, context);
    });
  return withExamples(withAccessFlags(command), [
    'bpfleet coordinator --nats nats://127.0.0.1:4222 --store ./history',
    'bpfleet coordinator --nats tls://10.0.0.5:4222 --nats-ca ca.pem --nats-nkey coordinator.nk --keys coordinator.json --clickhouse http://10.0.0.6:8123',
    'bpfleet coordinator --nats nats://127.0.0.1:4222 --store ./history --retention 90d,map_points_1s=7d',
    'bpfleet coordinator --nats nats://127.0.0.1:4222 --store ./history --listen 10.0.0.7:8443 --tls-cert api.crt --tls-key api.key --tokens tokens.json',
  ]).addHelpText('after', MORE);
}
