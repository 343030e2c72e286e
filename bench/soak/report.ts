/** The report of a soak: a table of how the rounds went, and what grew that should not. */
import type { Round } from './soak.ts';

const MIB = 1 << 20;
/** Rounds at the beginning, when processes still warm up, and as many at the end, are compared. */
const SHARE = 1 / 3;
const ENOUGH_ROUNDS = 9;

export function roundLine({
  number,
  atMs,
  disturbance,
  faults,
  processes,
  ...held
}: Round): string {
  const largest = (prefix: string): string => {
    const samples = Object.entries(processes).filter(([name]) => name.startsWith(prefix));
    const bytes = Math.max(0, ...samples.map(([, { residentBytes }]) => residentBytes));
    const descriptors = Math.max(0, ...samples.map(([, sample]) => sample.descriptors));
    return `${Math.round(bytes / MIB)} MiB/${descriptors} fds`;
  };
  const agents = Object.keys(processes).filter((name) => !/^(nats|coordinator)/.test(name));
  const agent = agents.map((name) => processes[name]?.residentBytes ?? 0);
  return [
    `${String(number).padStart(4)}  ${(atMs / 60_000).toFixed(1).padStart(5)} min`,
    disturbance.padEnd(20),
    faults.length === 0 ? 'exact' : faults.join('; '),
    `agents ${Math.round(Math.max(0, ...agent) / MIB)} MiB`,
    `coordinators ${largest('coordinator')}`,
    `nats ${largest('nats')}`,
    `JetStream ${Math.round(held.jetStreamBytes / MIB)} MiB`,
    `store ${Math.round(held.storeBytes / MIB)} MiB`,
    `${held.bpfPrograms} programs`,
  ].join('  ');
}

/** What is wrong; nothing for a fleet that could go on for ever. */
export function verdict(rounds: readonly Round[]): readonly string[] {
  const faults = rounds.flatMap(({ number, faults: found }) =>
    found.map((fault) => `round ${number}: ${fault}`),
  );
  if (rounds.length < ENOUGH_ROUNDS) return faults;
  const count = Math.floor(rounds.length * SHARE);
  const early = rounds.slice(0, count);
  const late = rounds.slice(-count);
  const names = Object.keys(rounds[0]?.processes ?? {});
  for (const name of names) {
    const memory = (round: Round): number => round.processes[name]?.residentBytes ?? 0;
    const descriptors = (round: Round): number => round.processes[name]?.descriptors ?? 0;
    const children = (round: Round): number => round.processes[name]?.children ?? 0;
    faults.push(
      ...grown(`${name}: resident MiB`, early, late, (round) => memory(round) / MIB, 64),
      ...grown(`${name}: descriptors`, early, late, descriptors, 16),
      ...grown(`${name}: processes`, early, late, children, 4),
    );
  }
  faults.push(...grown('BPF programs', early, late, ({ bpfPrograms }) => bpfPrograms, 16));
  return faults;
}

/** By more than a half and `slack`, in the middle of the rounds. */
function grown(
  what: string,
  early: readonly Round[],
  late: readonly Round[],
  amountOf: (round: Round) => number,
  slack: number,
): readonly string[] {
  const [before, after] = [median(early.map(amountOf)), median(late.map(amountOf))];
  return after <= before * 1.5 + slack
    ? []
    : [`${what} grew from ${before.toFixed(0)} to ${after.toFixed(0)}`];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
