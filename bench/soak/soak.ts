/**
 * A fleet under mixed load while its parts are killed, in rounds: a session counts system calls whose number is known by
 * construction, something is killed meanwhile, and what the hosts counted that nobody killed must be exactly that.
 */
import { join } from 'node:path';
import { startSyscallLoad } from '../../test/support/syscall-load.ts';
import { TestFleet, type FleetCoordinator } from '../../test/support/test-fleet.ts';
import { DISTURBANCES, type Disturbance, type Disturbed } from './disturbances.ts';
import { folderBytes, sampleProcess, type ProcessSample } from './process-sample.ts';

const VICTIM = 'victim';
const STEADY = ['steady-1', 'steady-2'] as const;
const AGENTS = [VICTIM, ...STEADY];
const CALLS = 20_000;
const PATIENCE_MS = 120_000;

/** Sessions that run beside: text, histograms and stacks, ended by themselves. */
const BACKGROUND = [
  'tracepoint:syscalls:sys_enter_openat { printf("%s %s\\n", comm, str(args.filename)); }',
  'tracepoint:syscalls:sys_exit_read { @[comm] = hist(args.ret); } interval:s:1 { print(@); clear(@); }',
  'profile:hz:49 { @[kstack(8), ustack(8)] = count(); }',
] as const;

export interface Round {
  readonly number: number;
  readonly atMs: number;
  readonly disturbance: string;
  /** What was wrong with the answer; empty for an exact one. */
  readonly faults: readonly string[];
  readonly processes: Readonly<Record<string, ProcessSample>>;
  readonly bpfPrograms: number;
  readonly jetStreamBytes: number;
  readonly storeBytes: number;
}

export interface SoakOptions {
  readonly durationMs: number;
  readonly random: () => number;
  readonly onRound: (round: Round) => void;
}

/** Throws when the fleet does not come up, or does not come to rest at the end. */
export async function soak({ durationMs, random, onRound }: SoakOptions): Promise<void> {
  const fleet = await TestFleet.start(Object.fromEntries(AGENTS.map((name) => [name, AGENT])));
  const beganMs = performance.now();
  try {
    const second = await fleet.addCoordinator();
    const startVictim = async (): Promise<void> => fleet.addAgent(VICTIM, AGENT);
    const disturbed = { fleet, second, victim: VICTIM, startVictim };
    for (let number = 1; performance.now() - beganMs < durationMs || number === 1; number++) {
      const disturbance = pick(DISTURBANCES, random);
      await fleet.bpfleet('run', '--detach', '--for', '15s', '-e', pick(BACKGROUND, random));
      const faults = await countRound(disturbed, disturbance);
      onRound({
        ...{ number, atMs: performance.now() - beganMs, disturbance: disturbance.name, faults },
        ...sampleFleet(fleet, second),
      });
    }
    await fleet.untilNothingHeld();
  } finally {
    await fleet.close();
  }
}

/** Sessions beside are many: the budget of a node is not what is tested. */
const AGENT = { flags: ['--max-cpu', '50%'] } as const;

async function countRound(disturbed: Disturbed, { happen }: Disturbance): Promise<string[]> {
  const { fleet } = disturbed;
  using load = await startSyscallLoad(CALLS);
  const program = `tracepoint:syscalls:sys_enter_getppid /pid == ${load.pid}/ { @[host] = count(); }`;
  const { command } = await fleet.run(['-e', program], AGENTS.length, PATIENCE_MS);
  const disturbance = happen(disturbed);
  await load.run();
  await disturbance;
  const { out: stopped } = await command.kill('SIGINT');
  return STEADY.flatMap((host) => {
    const found = new RegExp(`^@\\[(?:[^,\\]]*, )?${host}\\]: (\\d+)$`, 'm').exec(stopped)?.[1];
    return Number(found) === CALLS ? [] : [`${host} counted ${found ?? 'nothing'} of ${CALLS}`];
  });
}

function sampleFleet(
  fleet: TestFleet,
  second: FleetCoordinator,
): Pick<Round, 'processes' | 'bpfPrograms' | 'jetStreamBytes' | 'storeBytes'> {
  const processes: Record<string, ProcessSample> = {
    nats: sampleProcess(fleet.nats.pid),
    'coordinator-1': sampleProcess(fleet.coordinator.pid),
    'coordinator-2': sampleProcess(second.pid),
  };
  for (const agent of AGENTS) processes[agent] = sampleProcess(fleet.agent(agent).pid);
  return {
    processes,
    bpfPrograms: fleet.held().programs.length,
    jetStreamBytes: folderBytes(fleet.nats.directory),
    storeBytes: folderBytes(join(fleet.folder, 'store')),
  };
}

function pick<T>(items: readonly [T, ...T[]] | readonly T[], random: () => number): T {
  const item = items[Math.floor(random() * items.length)] ?? items[0];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}
