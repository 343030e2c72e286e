/** A whole fleet on this kernel: nats-server, a coordinator and agents, each the real program as a child process. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostState, SessionInfo } from '@bpfleet/protocol';
import { ApiClient } from './api-client.ts';
import { bpfIdsOf, descendants, type BpfIds } from './bpf-programs.ts';
import { BpfleetProcess, type Finished } from './bpfleet-process.ts';
import { freePort, startNatsServer, type NatsOptions, type NatsServer } from './nats-server.ts';

/** Far longer than anything here takes, so that a fault fails a test instead of hanging it. */
const PATIENCE_MS = 60_000;

export interface AgentOptions {
  readonly labels?: Readonly<Record<string, string>>;
  /** Such as `2s`. */
  readonly lease?: string;
  /** Where it finds NATS, if not where nats-server listens. */
  readonly nats?: string;
  /** A command that runs the agent, such as `ip netns exec`. */
  readonly wrapper?: readonly string[];
  /** Further options of the command, such as `--max-cpu 1%`. */
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** The hosts of most tests. */
export const THREE_HOSTS: Readonly<Record<string, AgentOptions>> = {
  'web-1': { labels: { role: 'web' } },
  'web-2': { labels: { role: 'web' } },
  'db-1': { labels: { role: 'db' } },
};

export interface FleetOptions {
  /** Address of a ClickHouse server; without, the engine is embedded. */
  readonly clickhouse?: string;
  readonly nats?: NatsOptions;
  /** Of the coordinator. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Further options of the coordinator's command. */
  readonly coordinatorFlags?: readonly string[];
}

/** One of several coordinators, as the real program. */
export class FleetCoordinator {
  readonly url: string;
  readonly #argv: readonly string[];
  #process: BpfleetProcess | undefined;

  constructor(nats: string, store: string, port: number) {
    this.url = `http://127.0.0.1:${port}`;
    const listen = `127.0.0.1:${port}`;
    this.#argv = [
      'coordinator',
      '--nats',
      nats,
      '--listen',
      listen,
      '--store',
      store,
      '--trust-nats',
    ];
  }

  get api(): ApiClient {
    return new ApiClient(this.url);
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Resolves when its API answers. */
  async start(): Promise<void> {
    this.#process = new BpfleetProcess(this.#argv);
    await this.#process.printed(/^http:/m);
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.#process?.kill(signal);
    this.#process = undefined;
  }
}

export class TestFleet {
  readonly nats: NatsServer;
  readonly #folder: string;
  readonly #port: number;
  readonly #options: FleetOptions;
  readonly #agents = new Map<string, BpfleetProcess>();
  readonly #others: FleetCoordinator[] = [];
  #coordinator: BpfleetProcess | undefined;

  private constructor(nats: NatsServer, folder: string, port: number, options: FleetOptions) {
    this.#options = options;
    this.nats = nats;
    this.#folder = folder;
    this.#port = port;
  }

  /** Resolves when all its hosts are live. */
  static async start(
    hosts: Readonly<Record<string, AgentOptions>> = THREE_HOSTS,
    options: FleetOptions = {},
  ): Promise<TestFleet> {
    const folder = await mkdtemp(join(tmpdir(), 'bpfleet-fleet-'));
    const fleet = new TestFleet(
      await startNatsServer(options.nats),
      folder,
      await freePort(),
      options,
    );
    try {
      await fleet.startCoordinator();
      await Promise.all(
        Object.entries(hosts).map(([host, options]) => fleet.addAgent(host, options)),
      );
      return fleet;
    } catch (error) {
      await fleet.close();
      throw error;
    }
  }

  /** Where its coordinators keep what they store. */
  get folder(): string {
    return this.#folder;
  }

  /** The coordinator's address; the same after a restart. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get api(): ApiClient {
    return new ApiClient(this.url);
  }

  /** Resolves when its API answers. */
  async startCoordinator(): Promise<void> {
    this.#coordinator = new BpfleetProcess(
      [
        ...['coordinator', '--nats', this.nats.url, '--listen', `127.0.0.1:${this.#port}`],
        '--trust-nats',
        ...(this.#options.coordinatorFlags ?? []),
        ...(this.#options.clickhouse === undefined
          ? ['--store', join(this.#folder, 'store')]
          : ['--clickhouse', this.#options.clickhouse]),
      ],
      this.#options.environment,
    );
    await this.#coordinator.printed(/^http:/m);
  }

  /** At whatever it is doing. */
  async killCoordinator(): Promise<void> {
    await this.#coordinator?.kill('SIGKILL');
    this.#coordinator = undefined;
  }

  /** One more coordinator of the same fleet, with a store of its own. Commands know them all from now on. */
  async addCoordinator(): Promise<FleetCoordinator> {
    const store = join(this.#folder, `store-${this.#others.length + 2}`);
    const coordinator = new FleetCoordinator(this.nats.url, store, await freePort());
    this.#others.push(coordinator);
    await coordinator.start();
    return coordinator;
  }

  /** Stopped as a whole, as a debugger does, until `SIGCONT`. */
  signalCoordinator(signal: 'SIGSTOP' | 'SIGCONT'): void {
    process.kill(this.#coordinator?.pid ?? 0, signal);
  }

  /** Resolves when the host is live. */
  async addAgent(host: string, options: AgentOptions = {}): Promise<void> {
    const labels = Object.entries(options.labels ?? {}).flatMap(([name, value]) => [
      '-l',
      `${name}=${value}`,
    ]);
    const lease = options.lease === undefined ? [] : ['--lease', options.lease];
    const argv = [
      'agent',
      '--nats',
      options.nats ?? this.nats.url,
      '--host',
      host,
      '--trust-nats',
      ...labels,
      ...lease,
      ...(options.flags ?? []),
    ];
    const startedMs = Date.now();
    const { environment, wrapper = [] } = options;
    this.#agents.set(host, new BpfleetProcess(argv, environment, { wrapper }));
    await this.until(`${host} is live`, async () =>
      // An earlier agent of this name may still count as live.
      (await this.api.hosts()).some((info) => info.host === host && info.lastSeenMs > startedMs),
    );
  }

  agent(host: string): BpfleetProcess {
    const agent = this.#agents.get(host);
    if (agent === undefined) throw new Error(`no agent ${host}`);
    return agent;
  }

  get coordinator(): BpfleetProcess {
    if (this.#coordinator === undefined) throw new Error('no coordinator');
    return this.#coordinator;
  }

  async removeAgent(host: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.agent(host).kill(signal);
    this.#agents.delete(host);
  }

  /** Processes below an agent that hold BPF programs: its runners with a session. */
  runners(host: string): readonly number[] {
    return descendants(this.agent(host).pid).filter((pid) => bpfIdsOf(pid).programs.length > 0);
  }

  /** Programs and links that all agents and their runners hold. */
  held(): BpfIds {
    const ids = [...this.#agents.values()].map(({ pid }) => bpfIdsOf(pid));
    return {
      programs: ids.flatMap(({ programs }) => programs),
      links: ids.flatMap(({ links }) => links),
    };
  }

  /** Resolves once no agent holds a program or link. @throws if that does not come */
  async untilNothingHeld(): Promise<void> {
    await this.until('no program is held', async () => {
      const { programs, links } = this.held();
      return Promise.resolve(programs.length + links.length === 0);
    });
  }

  /** Runs a command of the CLI to its end. */
  async bpfleet(...argv: readonly string[]): Promise<Finished> {
    return this.start(...argv).finished();
  }

  /** As `bpfleet`; its standard output. @throws when it fails */
  async output(...argv: readonly string[]): Promise<string> {
    const { out, err, exitCode } = await this.bpfleet(...argv);
    if (exitCode !== 0) throw new Error(`bpfleet ${argv.join(' ')}: ${exitCode}\n${out}\n${err}`);
    return out;
  }

  /** As `output` with `--json`: one value for each line. */
  async json(...argv: readonly string[]): Promise<readonly Record<string, unknown>[]> {
    const out = await this.output(...argv, '--json');
    return out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** A command that runs until the test has done its part. */
  start(...argv: readonly string[]): BpfleetProcess {
    const urls = [this.url, ...this.#others.map(({ url }) => url)];
    return new BpfleetProcess(argv, { BPFLEET_URL: urls.join(',') });
  }

  /** `bpfleet run` in the foreground; resolves when its probes are attached on so many hosts. */
  async run(
    argv: readonly string[],
    hosts = this.#agents.size,
    patienceMs = PATIENCE_MS,
  ): Promise<{ readonly id: string; readonly command: BpfleetProcess }> {
    const command = this.start('run', ...argv);
    const [, id = ''] = await command.printed(/^session (\S+):/m);
    await this.untilHosts(id, 'attached', hosts, patienceMs);
    return { id, command };
  }

  /** `bpfleet run --detach`; resolves when its probes are attached on so many hosts. */
  async detached(argv: readonly string[], hosts = this.#agents.size): Promise<string> {
    const id = (await this.output('run', '--detach', ...argv)).trim();
    await this.untilHosts(id, 'attached', hosts);
    return id;
  }

  /** Resolves once so many hosts of a session are in a state. */
  async untilHosts(
    id: string,
    state: HostState,
    count: number,
    patienceMs = PATIENCE_MS,
  ): Promise<SessionInfo> {
    let info: SessionInfo | undefined;
    await this.until(
      `${count} hosts of ${id} are ${state}`,
      async () => {
        info = await this.api.session(id);
        return info.coverage.hosts.filter((host) => host.state === state).length >= count;
      },
      patienceMs,
    );
    if (info === undefined) throw new Error(`no session ${id}`);
    return info;
  }

  async until(
    what: string,
    holds: () => Promise<boolean>,
    patienceMs = PATIENCE_MS,
  ): Promise<void> {
    const deadline = performance.now() + patienceMs;
    let last: unknown;
    while (performance.now() < deadline) {
      try {
        if (await holds()) return;
      } catch (error) {
        last = error;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`not in time: ${what}`, { cause: last });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#agents.values()].map((agent) => agent.kill('SIGTERM')));
    await this.#coordinator?.kill('SIGTERM');
    await Promise.all(this.#others.map(async (other) => other.stop('SIGTERM')));
    await this.nats.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
