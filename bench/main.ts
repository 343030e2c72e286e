/** Compares bpfleet with Debian's bpftrace on this machine, in one run; prints and judges nothing. */
import { execFileSync } from 'node:child_process';
import { release } from 'node:os';
import { requirePackages, requireTracefs } from '../scripts/system-packages.mjs';
import { compileTimes } from './compile-time.ts';
import { kernelNsPerEvent, runTimeStatistics } from './kernel-cost.ts';
import { printfPerSecond } from './printf-rate.ts';
import { comparisonLine, HEADER, timeLine, type Comparison } from './report.ts';
import { stackNamesTime } from './stack-names.ts';
import { startToExitMs } from './start-to-exit.ts';
import { bpfleet, bpftrace, type Tracer } from './tracer.ts';

/** Runs of each, alternating, so that a drift of the machine hits both. */
async function alternate(
  runs: number,
  measure: (tracer: Tracer) => number | Promise<number>,
): Promise<Pick<Comparison, 'bpfleet' | 'bpftrace'>> {
  const results: { readonly bpfleet: number[]; readonly bpftrace: number[] } = {
    bpfleet: [],
    bpftrace: [],
  };
  for (let run = 0; run < runs; run++) {
    results.bpfleet.push(await measure(bpfleet));
    results.bpftrace.push(await measure(bpftrace));
  }
  return results;
}

requirePackages(['bpftrace', 'gcc', 'libc6-dev']);
requireTracefs();
const version = execFileSync('bpftrace', ['--version'], { encoding: 'utf8' }).trim();
console.log(`Linux ${release()}, node ${process.version}, ${version}\n${HEADER}`);

for (const time of compileTimes()) console.log(timeLine(time));

console.log(
  comparisonLine({
    name: 'start to exit of BEGIN { exit(); }',
    unit: 'ms',
    better: 'lower',
    ...(await alternate(9, startToExitMs)),
  }),
);

{
  using _statistics = runTimeStatistics();
  for (const body of ['@ = count();', '@[comm] = count();']) {
    console.log(
      comparisonLine({
        name: `kernel time of ${body}`,
        unit: 'ns/event',
        better: 'lower',
        ...(await alternate(3, (tracer) => kernelNsPerEvent(tracer, body))),
      }),
    );
  }
}

console.log(
  comparisonLine({
    name: 'printf lines delivered',
    unit: 'events/s',
    better: 'higher',
    ...(await alternate(3, printfPerSecond)),
  }),
);

// Debian's bpftrace takes minutes.
console.log(timeLine(await stackNamesTime()));
