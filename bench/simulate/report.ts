/** Measured runs as lines of a table. */
import type { Measured } from './simulate.ts';

export const HEADER: string = [
  'load'.padEnd(7),
  ...['hosts', 'armed ms', 'frames/s', 'seen ms', 'p99 ms', 'stop ms', 'cpu %', 'main %', 'MB'].map(
    (title) => title.padStart(9),
  ),
].join(' ');

export function measuredLine(load: string, hosts: number, measured: Measured): string {
  const figures = [
    hosts,
    measured.armedMs,
    measured.sentPerSecond,
    measured.latencyMs.median,
    measured.latencyMs.p99,
    measured.stopMs,
    measured.framesPerCpuSecond,
    measured.cpuShare * 100,
    measured.mainShare * 100,
    measured.peakBytes / 1e6,
  ];
  return [load.padEnd(7), ...figures.map((figure) => figure.toFixed(0).padStart(9))].join(' ');
}
