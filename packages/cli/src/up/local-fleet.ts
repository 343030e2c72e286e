/** The processes of a fleet of one host, started in order and ended in reverse. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiClient } from '../api-client.ts';
import { UserError } from '../terminal.ts';
import { findProgram } from './find-program.ts';
import { ServiceProcess } from './service-process.ts';

export interface LocalFleetOptions {
  /** The command line of bpfleet itself. */
  readonly self: readonly string[];
  /** NATS keeps its streams and ClickHouse its tables in here. */
  readonly folder: string;
  /** As `bpfleet coordinator --retention`. */
  readonly retention?: string | undefined;
  /** `address:port` of the HTTP API. */
  readonly listen: string;
  readonly natsPort: number;
  readonly host: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What the processes write to standard error, by line. */
  readonly log: (text: string) => void;
}

const START_TIMEOUT_MS = 30_000;
const INSTALL_NATS = 'install it with: apt-get install --no-install-recommends nats-server';

export class LocalFleet {
  /** Resolves when one of the processes ends by itself. */
  readonly failed: Promise<void>;
  readonly natsUrl: string;
  readonly #options: LocalFleetOptions;
  readonly #processes: ServiceProcess[] = [];
  readonly #fail: () => void;
  #stopping = false;

  constructor(options: LocalFleetOptions) {
    this.#options = options;
    this.natsUrl = `nats://127.0.0.1:${options.natsPort}`;
    let fail: () => void = () => {};
    this.failed = new Promise((resolve) => (fail = resolve));
    this.#fail = fail;
  }

  /** Resolves when the API answers and the agent is in the fleet. @throws UserError */
  async start(): Promise<void> {
    const { self, folder, listen, natsPort, host, labels, retention } = this.#options;
    const natsServer = findProgram('nats-server', this.#options.environment['PATH'] ?? '');
    if (natsServer === undefined) throw new UserError(`nats-server is not here; ${INSTALL_NATS}`);
    await mkdir(folder, { recursive: true });
    await this.#run('nats-server', natsServer, [
      ...['--jetstream', '--store_dir', join(folder, 'nats')],
      ...['--addr', '127.0.0.1', '--port', String(natsPort)],
    ]).output(/Server is ready/, START_TIMEOUT_MS);
    const labelFlags = Object.entries(labels).flatMap(([name, value]) => [
      '--label',
      `${name}=${value}`,
    ]);
    const [node = '', ...entry] = self;
    this.#run('coordinator', node, [
      ...[...entry, 'coordinator', '--nats', this.natsUrl, '--listen', listen],
      ...['--store', join(folder, 'clickhouse')],
      ...(retention === undefined ? [] : ['--retention', retention]),
    ]);
    this.#run('agent', node, [
      ...[...entry, 'agent', '--nats', this.natsUrl, '--host', host],
      // Whoever runs all of it may do as root what root may do.
      '--allow-unsafe',
      ...labelFlags,
    ]);
    await this.#untilLive(host);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const service of this.#processes.toReversed()) await service.stop();
  }

  #run(name: string, command: string, argv: readonly string[]): ServiceProcess {
    const service = new ServiceProcess(name, command, argv, this.#options);
    this.#processes.push(service);
    service.ended
      .then((how) => {
        if (this.#stopping) return;
        this.#options.log(`${name} ${how}\n`);
        this.#fail();
      })
      .catch(() => this.#fail());
    return service;
  }

  async #untilLive(host: string): Promise<void> {
    // The coordinator takes the same one from its environment.
    const token = this.#options.environment['BPFLEET_TOKEN'];
    const urls = [`http://${this.#options.listen}`];
    const client = new ApiClient({ urls, ...(token !== undefined && { token }) });
    const deadline = Date.now() + START_TIMEOUT_MS;
    let last: unknown;
    let failed = false;
    const watched = this.failed.then(() => (failed = true));
    while (Date.now() < deadline && !failed) {
      try {
        const hosts = await client.hosts({});
        if (hosts.some((info) => info.host === host && info.state === 'live')) return;
      } catch (error) {
        last = error;
      }
      await Promise.race([watched, new Promise((resolve) => setTimeout(resolve, 100))]);
    }
    throw new UserError(failed ? 'a process ended too early' : `not up in time: ${String(last)}`);
  }
}
