/** `npm run simulate`: how one coordinator on one CPU bears many hosts. Fails when an answer is not exact. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { keepOffCpu } from './keep-off-cpu.ts';
import { HEADER, measuredLine } from './report.ts';
import { simulate, type Measured } from './simulate.ts';

const HELP = `npm run simulate -- [OPTIONS]

Hosts that speak the real protocol over a nats-server of their own, against one coordinator that is held on one CPU:
heartbeats, the bucket of sessions, reports, frames. They trace nothing, so the true totals are known; a run whose
answer is not exactly that fails.

  --hosts N[,N…]   how many hosts, in runs of their own (1000)
  --load NAMES     maps, events or both: maps,events (maps,events)
  --keys N         keys in the map of each host, all sent once a second (1000)
  --events N       lines that each host prints in a second, in ten frames (100)
  --seconds N      for how long (20)
  --cpu N          the coordinator's CPU (the last one); none: any
  --processes N    that the hosts are spread over (2)
  --profile DIR    writes a profile of the coordinator for Chrome's DevTools
  --json           one object for each run
  --help           this text

Each load prints the table of docs/scale.md. armed: from the request until all hosts are armed. due, sent: frames a second
that the hosts should have sent, and those that the stream had in time; hosts late: from when a frame was due until the
stream had it. Where hosts are late or send less than is due they lack CPU themselves, and the run says so: what follows
is about the machine then. seen: from a frame being in the stream until a reader of the live view has it; the view comes
once a second, lines are held back for 0.4 s to be put in order. stop: from the request to stop until the result. CPU: of one
while the hosts ran, all threads of the coordinator with those of the embedded store; merging: its one thread that merges. not
yet stored: frames that were in the stream only when the result was shown. lost: frames and lines that the answer calls missing.
`;

const { values } = parseArgs({
  options: {
    hosts: { type: 'string', default: '1000' },
    load: { type: 'string', default: 'maps,events' },
    keys: { type: 'string', default: '1000' },
    events: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '20' },
    cpu: { type: 'string', default: String(availableParallelism() - 1) },
    processes: { type: 'string', default: '2' },
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const MAX_FAULTS = 10;
const SIZES: Readonly<Record<string, string>> = { maps: values.keys, events: values.events };
/** Below this part of what is due, or later than this, the hosts tell about themselves. */
const ENOUGH = 0.98;
const LATE_MS = 500;

async function main(): Promise<void> {
  const cpu = values.cpu === 'none' ? undefined : Number(values.cpu);
  if (cpu !== undefined) keepOffCpu(cpu);
  for (const name of values.load.split(',')) {
    if (!values.json) console.log(`\n${name}\n\n${HEADER}`);
    for (const hosts of values.hosts.split(',').map(Number)) {
      const measured = await simulate({
        hosts,
        load: { name, size: Number(SIZES[name]) },
        seconds: Number(values.seconds),
        cpu,
        processes: Number(values.processes),
        profile: values.profile,
      });
      tell(name, hosts, measured);
    }
  }
}

function tell(load: string, hosts: number, measured: Measured): void {
  const { faults, duePerSecond, sentPerSecond, hostsLateMs } = measured;
  const shown = faults.slice(0, MAX_FAULTS);
  const line = values.json
    ? JSON.stringify({ load, hosts, ...measured, faults: shown })
    : measuredLine(hosts, measured);
  console.log(line);
  for (const fault of shown) console.error(`  wrong: ${fault}`);
  if (faults.length > shown.length) console.error(`  and ${faults.length - shown.length} more`);
  if (sentPerSecond < ENOUGH * duePerSecond || hostsLateMs > LATE_MS) {
    console.error('  the hosts themselves were behind: they or nats-server lack CPU here');
  }
  if (faults.length > 0) process.exitCode = 1;
}

if (values.help) process.stdout.write(HELP);
else await main();
