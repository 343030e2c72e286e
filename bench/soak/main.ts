/** `npm run soak`: whether a fleet stays exact and within bounds while its parts are killed. Fails when it does not. */
import { parseArgs } from 'node:util';
import { roundLine, verdict } from './report.ts';
import { soak, type Round } from './soak.ts';

const HELP = `npm run soak -- [OPTIONS]

A nats-server, two coordinators and three agents as processes, in rounds: beside sessions with text, histograms and
stacks, one counts the system calls of a program that makes exactly 20,000; meanwhile a coordinator, NATS, an agent or a
runner is killed at random and comes back. What the agents counted that nobody killed must be 20,000. After each round
memory, descriptors and processes, BPF programs, and the size of JetStream and the store are printed. Needs root.

  --minutes N   for how long (30)
  --seed N      of what is killed when (the time)
  --json        one object for each round
  --help        this text

Fails when a count is not exact, when in the last third of the rounds something is larger by half than in the first
(memory with 64 MiB to spare, descriptors 16, BPF programs 16), or when a program is left in the kernel.
`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** Mulberry32: the same rounds for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

async function main(): Promise<void> {
  const durationMs = Number(values.minutes) * 60_000;
  const seed = Number(values.seed);
  if (!(durationMs > 0) || !Number.isInteger(seed))
    throw new Error('--minutes and --seed are numbers');
  if (!values.json) console.log(`seed ${seed}`);
  const rounds: Round[] = [];
  await soak({
    durationMs,
    random: randomFrom(seed),
    onRound: (round) => {
      rounds.push(round);
      console.log(values.json ? JSON.stringify(round) : roundLine(round));
    },
  });
  const faults = verdict(rounds);
  for (const fault of faults) console.error(fault);
  if (!values.json) {
    console.log(
      `${rounds.length} rounds, ${faults.length === 0 ? 'nothing' : faults.length} wrong`,
    );
  }
  if (faults.length > 0) process.exitCode = 1;
}

if (values.help) console.log(HELP);
else await main();
