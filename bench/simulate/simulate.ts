/** One run: a nats-server, a coordinator on a CPU of its own, and hosts that load it; what it cost, and whether it is right. */
import { startNatsServer } from '../../test/support/nats-server.ts';
import { HostProcess } from './host-process.ts';
import { wallMs } from './host-messages.ts';
import type { Load } from './load.ts';
import { makeLoad, type LoadSpec } from './loads.ts';
import { PinnedCoordinator } from './pinned-coordinator.ts';
import { Watcher } from './watcher.ts';

export interface Simulation {
  readonly hosts: number;
  readonly load: LoadSpec;
  readonly seconds: number;
  /** For the coordinator. */
  readonly cpu: number | undefined;
  /** That the hosts are spread over. */
  readonly processes: number;
  readonly profile?: string | undefined;
}

export interface Measured {
  /** From the request to the answer that says that the hosts start. */
  readonly armedMs: number;
  /** Frames or lines that the hosts should have sent while they were running, and those that they did, per second. */
  readonly duePerSecond: number;
  readonly sentPerSecond: number;
  /** From when a frame was due until the stream had it, at the 99th percentile: large where hosts lack CPU themselves. */
  readonly hostsLateMs: number;
  /** From a frame being in the stream until a reader had it. */
  readonly latencyMs: { readonly median: number; readonly p99: number };
  /** From the request to stop until the result. */
  readonly stopMs: number;
  /** Of one CPU while the hosts ran: all threads of the coordinator, and the one that merges. */
  readonly cpuShare: number;
  readonly mainShare: number;
  readonly peakBytes: number;
  /** Frames that the store had not yet when the result was shown. */
  readonly unstoredFrames: number;
  /** Frames and lines that the answer says are missing. */
  readonly lost: number;
  /** Empty when the answer is exact. */
  readonly faults: readonly string[];
}

export async function simulate(simulation: Simulation): Promise<Measured> {
  await using nats = await startNatsServer();
  const { cpu, profile } = simulation;
  const coordinator = await PinnedCoordinator.start({ nats: nats.url, cpu, profile });
  const load = makeLoad(simulation.load);
  const watcher = new Watcher(load);
  let processes: readonly HostProcess[] = [];
  try {
    processes = await startHosts(simulation, nats.url, watcher);
    await coordinator.api.untilHosts(simulation.hosts);
    return await measure(simulation, load, coordinator, watcher);
  } finally {
    await Promise.all(processes.map(async (hosts) => hosts.close()));
    await coordinator.close();
  }
}

async function startHosts(
  { hosts, load, processes }: Simulation,
  nats: string,
  watcher: Watcher,
): Promise<readonly HostProcess[]> {
  const each = Math.ceil(hosts / processes);
  const starting: Promise<HostProcess>[] = [];
  for (let first = 0; first < hosts; first += each) {
    const count = Math.min(each, hosts - first);
    const onStored = watcher.stored.bind(watcher);
    starting.push(HostProcess.start({ nats, first, count, load, onStored }));
  }
  return Promise.all(starting);
}

async function measure(
  { hosts, seconds }: Simulation,
  load: Load,
  coordinator: PinnedCoordinator,
  watcher: Watcher,
): Promise<Measured> {
  const { api } = coordinator;
  const asked = performance.now();
  const begun = await api.start({
    program: load.program,
    selector: { hosts: [], labels: {} },
    armTimeoutMs: 60_000,
  });
  const armedMs = performance.now() - asked;
  const { id } = begun;
  const following = watcher.follow(`${api.url}/v1/sessions/${id}/stream`);
  // The first rounds are due after the common start and one interval.
  const quietMs = Math.max(0, (begun.startedAtMs ?? Date.now()) - Date.now()) + load.intervalMs;
  await new Promise((resolve) => setTimeout(resolve, quietMs - load.intervalMs / 2));
  const begin = { ms: wallMs(), cpu: coordinator.cpuMs(), main: coordinator.mainThreadMs() };
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const endMs = wallMs();
  const elapsedMs = endMs - begin.ms;
  const cpuShare = (coordinator.cpuMs() - begin.cpu) / elapsedMs;
  const mainShare = (coordinator.mainThreadMs() - begin.main) / elapsedMs;
  await api.stop(id);
  const { maps, session } = await following;
  const stopMs = wallMs() - endMs;
  const { hosts: outcomes, losses, unstored } = session.coverage;
  const ended = outcomes.filter(({ state, reason }) => state === 'ended' && reason === undefined);
  const lost = Object.values(losses).reduce((sum, number) => sum + number, 0);
  const { unread } = watcher;
  return {
    armedMs,
    duePerSecond: (hosts * 1_000 * load.units({ first: 0, last: 0 })) / load.intervalMs,
    sentPerSecond: (watcher.storedBefore(endMs) * 1_000) / elapsedMs,
    hostsLateMs: quantile(watcher.latenessMs(), 0.99),
    latencyMs: {
      median: quantile(watcher.latenciesMs(), 0.5),
      p99: quantile(watcher.latenciesMs(), 0.99),
    },
    stopMs,
    cpuShare,
    mainShare,
    peakBytes: coordinator.memory().peak,
    unstoredFrames: unstored?.frames ?? 0,
    lost: lost + unread,
    faults: [
      ...(ended.length === hosts ? [] : [`${ended.length} of ${hosts} hosts ended well`]),
      ...load.faults({ maps, lost, unread }, watcher.rounds(hosts)),
    ],
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
