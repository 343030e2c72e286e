/** `npm run simulate`: how one coordinator on one CPU bears many hosts. Fails when an answer is not exact. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { EventLoad } from './event-load.ts';
import type { Load } from './load.ts';
import { MapLoad } from './map-load.ts';
import { HEADER, measuredLine } from './report.ts';
import { simulate } from './simulate.ts';

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
  --profile DIR    writes a profile of the coordinator for Chrome's DevTools
  --json           one object for each run
  --help           this text

armed: from the request until all hosts are armed. seen: from a frame being in the stream until a reader of the live
view has it; the view comes once a second, lines are held back for 0.4 s to be put in order. stop: from the
request to stop until the result. f/cpu s: frames that a second of a CPU was enough for, the end included. cpu: of one
CPU while the hosts ran, all threads of the coordinator with those of the embedded store; main: the thread that merges.
`;

const { values } = parseArgs({
  options: {
    hosts: { type: 'string', default: '1000' },
    load: { type: 'string', default: 'maps,events' },
    keys: { type: 'string', default: '1000' },
    events: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '20' },
    cpu: { type: 'string', default: String(availableParallelism() - 1) },
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const LOADS: Readonly<Record<string, () => Load>> = {
  maps: () => new MapLoad(Number(values.keys)),
  events: () => new EventLoad(Number(values.events)),
};

async function main(): Promise<void> {
  if (!values.json) console.log(HEADER);
  for (const name of values.load.split(',')) {
    const makeLoad = LOADS[name];
    if (makeLoad === undefined) throw new Error(`no load is called ${name}`);
    for (const hosts of values.hosts.split(',').map(Number)) {
      const measured = await simulate({
        hosts,
        load: makeLoad(),
        seconds: Number(values.seconds),
        cpu: values.cpu === 'none' ? undefined : Number(values.cpu),
        profile: values.profile,
      });
      const line = values.json
        ? JSON.stringify({ load: name, hosts, ...measured })
        : measuredLine(name, hosts, measured);
      console.log(line);
      for (const fault of measured.faults.slice(0, 10)) console.error(`  wrong: ${fault}`);
      if (measured.faults.length > 0) process.exitCode = 1;
    }
  }
}

if (values.help) process.stdout.write(HELP);
else await main();
