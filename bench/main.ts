/** Compares bpfleet with Debian's bpftrace on this machine, in one run; prints and judges nothing. */
import { execFileSync } from 'node:child_process';
import { release } from 'node:os';
import { requirePackages, requireTracefs } from '../scripts/system-packages.mjs';
import { compileTimes } from './compile-time.ts';
import { kernelNsPerEvent, runTimeStatistics } from './kernel-cost.ts';
import { largeMapMs } from './large-map.ts';
import { printfRate, type PrintfRate } from './printf-rate.ts';
import { comparisonLine, HEADER, timeLine } from './report.ts';
import { stackNamesTime } from './stack-names.ts';
import { ringLosses } from './ring-losses.ts';
import { startToExitMs } from './start-to-exit.ts';
import { bpfleet, bpftrace, type Tracer } from './tracer.ts';
import { wildcardTimes, type WildcardTimes } from './wildcard.ts';

interface Results<Measured> {
  readonly bpfleet: readonly Measured[];
  readonly bpftrace: readonly Measured[];
}

/** Runs of each, alternating, so that a drift of the machine hits both. */
async function alternateAll<Measured>(
  runs: number,
  measure: (tracer: Tracer) => Measured | Promise<Measured>,
): Promise<Results<Measured>> {
  const results: { readonly bpfleet: Measured[]; readonly bpftrace: Measured[] } = {
    bpfleet: [],
    bpftrace: [],
  };
  for (let run = 0; run < runs; run++) {
    results.bpfleet.push(await measure(bpfleet));
    results.bpftrace.push(await measure(bpftrace));
  }
  return results;
}

function alternate(
  runs: number,
  measure: (tracer: Tracer) => number | Promise<number>,
): Promise<Results<number>> {
  return alternateAll(runs, measure);
}

function figures<Measured>(
  { bpfleet: ours, bpftrace: theirs }: Results<Measured>,
  figure: (measured: Measured) => number,
): Results<number> {
  return { bpfleet: ours.map(figure), bpftrace: theirs.map(figure) };
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

const rates = await alternateAll(3, printfRate);
for (const [name, unit, better, figure] of [
  ['printf lines delivered', 'events/s', 'higher', ({ perSecond }: PrintfRate) => perSecond],
  ['printf lines lost', '%', 'lower', ({ lost }: PrintfRate) => lost],
] as const) {
  console.log(comparisonLine({ name, unit, better, ...figures(rates, figure) }));
}

for (const busyCpus of [2, 1] as const) {
  for (const rings of [1, 2] as const) {
    const { lost } = await ringLosses(rings, busyCpus);
    console.log(`${rings} ring(s) for ${busyCpus} busy CPU(s): ${lost.toFixed(2)} % lost`);
  }
}

console.log(
  comparisonLine({
    name: 'interrupt to end, 200,000 keys',
    unit: 'ms',
    better: 'lower',
    ...(await alternate(3, largeMapMs)),
  }),
);

// Debian's bpftrace takes minutes.
console.log(timeLine(await stackNamesTime()));

// One run: bpftrace takes half a minute to give its perf events back.
const wildcard = await alternateAll(1, wildcardTimes);
for (const [name, figure] of [
  ['attach all sys_enter_*', ({ attachMs }: WildcardTimes) => attachMs],
  ['detach all sys_enter_*', ({ detachMs }: WildcardTimes) => detachMs],
] as const) {
  console.log(comparisonLine({ name, unit: 'ms', better: 'lower', ...figures(wildcard, figure) }));
}
