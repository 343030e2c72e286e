/** One run: a nats-server, a coordinator on a CPU of its own, and hosts that load it; what it cost, and whether it is right. */
import { startNatsServer } from '../../test/support/nats-server.ts';
import type { Load } from './load.ts';
import { PinnedCoordinator } from './pinned-coordinator.ts';
import { SimulatedHost } from './simulated-host.ts';
import { Watcher } from './watcher.ts';

export interface Simulation {
  readonly hosts: number;
  readonly load: Load;
  readonly seconds: number;
  /** For the coordinator. */
  readonly cpu: number | undefined;
  readonly profile?: string | undefined;
}

export interface Measured {
  /** From the request to the answer that says that the hosts start. */
  readonly armedMs: number;
  /** Frames that the hosts sent while they were running, per second. */
  readonly sentPerSecond: number;
  /** Frames that a reader's view had by then, of those. */
  readonly latencyMs: { readonly median: number; readonly p99: number };
  /** From the request to stop until the result. */
  readonly stopMs: number;
  /** Frames that one CPU could take, by what those of this run cost until the result. */
  readonly framesPerCpuSecond: number;
  /** Of one CPU while the hosts ran: all threads of the coordinator, and the one that merges. */
  readonly cpuShare: number;
  readonly mainShare: number;
  readonly peakBytes: number;
  /** Empty when the answer is exact. */
  readonly faults: readonly string[];
}

/** So many connect at a time. */
const CONNECT_TOGETHER = 50;

export async function simulate(simulation: Simulation): Promise<Measured> {
  await using nats = await startNatsServer();
  const { load, cpu, profile } = simulation;
  const coordinator = await PinnedCoordinator.start({ nats: nats.url, cpu, profile });
  const hosts: SimulatedHost[] = [];
  try {
    const watcher = new Watcher(load);
    const onStored = (host: number, round: number): void => watcher.stored(host, round);
    for (let first = 0; first < simulation.hosts; first += CONNECT_TOGETHER) {
      const count = Math.min(CONNECT_TOGETHER, simulation.hosts - first);
      const started = Array.from({ length: count }, (_, index) =>
        SimulatedHost.start({ nats: nats.url, number: first + index, load, onStored }),
      );
      hosts.push(...(await Promise.all(started)));
    }
    await coordinator.api.untilHosts(simulation.hosts);
    return await measure(simulation, coordinator, hosts, watcher);
  } finally {
    await Promise.all(hosts.map((host) => host.close()));
    await coordinator.close();
  }
}

async function measure(
  { hosts: count, load, seconds }: Simulation,
  coordinator: PinnedCoordinator,
  hosts: readonly SimulatedHost[],
  watcher: Watcher,
): Promise<Measured> {
  const { api } = coordinator;
  const asked = performance.now();
  const { id } = await api.start({
    program: load.program,
    selector: { hosts: [], labels: {} },
    armTimeoutMs: 60_000,
  });
  const armedMs = performance.now() - asked;
  const following = watcher.follow(`${api.url}/v1/sessions/${id}/stream`);
  const begin = {
    ms: performance.now(),
    cpu: coordinator.cpuMs(),
    main: coordinator.mainThreadMs(),
  };
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const elapsedMs = performance.now() - begin.ms;
  const cpuShare = (coordinator.cpuMs() - begin.cpu) / elapsedMs;
  const mainShare = (coordinator.mainThreadMs() - begin.main) / elapsedMs;
  const sent = hosts.reduce((sum, { rounds }) => sum + rounds, 0);
  const stopping = performance.now();
  await api.stop(id);
  const { maps, session } = await following;
  const stopMs = performance.now() - stopping;
  const spentSeconds = (coordinator.cpuMs() - begin.cpu) / 1_000;
  const frames = hosts.reduce((sum, { rounds }) => sum + rounds, 0);
  const { hosts: outcomes, losses } = session.coverage;
  const ended = outcomes.filter(({ state, reason }) => state === 'ended' && reason === undefined);
  const lost = Object.values(losses).reduce((sum, number) => sum + number, 0);
  const answer = { maps, lost, unread: watcher.unread };
  return {
    armedMs,
    sentPerSecond: (sent * 1_000) / elapsedMs,
    latencyMs: {
      median: quantile(watcher.latenciesMs, 0.5),
      p99: quantile(watcher.latenciesMs, 0.99),
    },
    stopMs,
    framesPerCpuSecond: frames / spentSeconds,
    cpuShare,
    mainShare,
    peakBytes: coordinator.memory().peak,
    faults: [
      ...(ended.length === count ? [] : [`${ended.length} of ${count} hosts ended well`]),
      ...load.faults(
        answer,
        hosts.map(({ rounds }) => rounds),
      ),
    ],
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
