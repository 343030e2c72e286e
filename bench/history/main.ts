/** `npm run bench:history`: weeks of data through the real way into the store, what they take there, and how fast answers are. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { openStore, type Store } from '../../packages/coordinator/src/store/store.ts';
import { QUESTIONS } from './questions.ts';
import { recordWeek } from './record-week.ts';
import { columnSizes, tableSizes } from './table-sizes.ts';
import { sessionId, type WeekShape } from './traced-week.ts';

const HELP = `npm run bench:history -- [OPTIONS]

  --sessions N   each of 100 hosts, 2.5 million events and 250,000 values of maps (2); 20 make 50 and 5 million
  --days N       over how many days they are spread (7)
  --rounds N     of each session and host, each 160 events and 16 values (156)
  --every N      seconds between two rounds (10); 3120 rounds every 194 are a session of a week
  --store DIR    keep the store there; one that is there already is asked only
  --columns      what each column takes
  --help         this text
`;
/** Of each question; the first fills caches. */
const RUNS = 5;

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '2' },
    days: { type: 'string', default: '7' },
    rounds: { type: 'string', default: '156' },
    every: { type: 'string', default: '10' },
    store: { type: 'string' },
    columns: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const shape: WeekShape = {
  hosts: 100,
  sessions: Number(values.sessions),
  days: Number(values.days),
  rounds: Number(values.rounds),
  roundSeconds: Number(values.every),
  eventsPerRound: 160,
};

async function main(): Promise<void> {
  const path = values.store ?? (await mkdtemp(join(tmpdir(), 'bpfleet-bench-')));
  const store = await openStore({ path }, pino({ level: 'warn' }));
  try {
    const { rows } = await store.query('SELECT count() FROM sessions FINAL');
    if (Number(rows[0]?.[0]) === 0) await fill(store);
    await reportSizes(store);
    for (const question of QUESTIONS) await reportTime(store, question);
  } finally {
    await store.close();
    if (values.store === undefined) await rm(path, { recursive: true, force: true });
  }
}

async function fill(store: Store): Promise<void> {
  const { events, points, seconds } = await recordWeek(store, shape, (session) =>
    console.error(`session ${session + 1} of ${shape.sessions}`),
  );
  console.log(
    `${events} events and ${points} map values in ${seconds.toFixed(0)} s: ` +
      `${Math.round((events + points) / seconds)} rows/s`,
  );
}

async function reportSizes(store: Store): Promise<void> {
  for (const { name, rows, bytes } of await tableSizes(store)) {
    if (rows < 1_000) continue;
    const megabytes = (bytes / 1e6).toFixed(1);
    console.log(`${name}: ${rows} rows, ${megabytes} MB, ${(bytes / rows).toFixed(1)} bytes each`);
    if (!values.columns) continue;
    for (const column of await columnSizes(store, name)) {
      console.log(`  ${column.name}: ${(column.bytes / column.rows).toFixed(2)}`);
    }
  }
}

async function reportTime(store: Store, question: (typeof QUESTIONS)[number]): Promise<void> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const started = performance.now();
    await question.ask(store, sessionId(shape.sessions >> 1));
    times.push(performance.now() - started);
  }
  const [first = 0, ...rest] = times;
  const median = rest.toSorted((a, b) => a - b)[rest.length >> 1] ?? 0;
  console.log(`${question.name}: ${median.toFixed(0)} ms (the first ${first.toFixed(0)})`);
}

if (values.help) process.stdout.write(HELP);
else await main();
