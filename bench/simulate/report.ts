/** Measured runs as the table of docs/scale.md: Markdown, one line for each run. */
import type { Measured } from './simulate.ts';

interface Column {
  readonly title: string;
  readonly text: (hosts: number, measured: Measured) => string;
}

const COLUMNS: readonly Column[] = [
  { title: 'hosts', text: (hosts) => amount(hosts) },
  { title: 'armed', text: (_, { armedMs }) => time(armedMs) },
  { title: 'a second due', text: (_, { duePerSecond }) => amount(duePerSecond) },
  { title: 'sent', text: (_, { sentPerSecond }) => amount(sentPerSecond) },
  { title: 'hosts late, p99', text: (_, { hostsLateMs }) => time(hostsLateMs) },
  { title: 'seen, median', text: (_, { latencyMs }) => time(latencyMs.median) },
  { title: 'seen, p99', text: (_, { latencyMs }) => time(latencyMs.p99) },
  { title: 'stop', text: (_, { stopMs }) => time(stopMs) },
  { title: 'CPU', text: (_, { cpuShare }) => percent(cpuShare) },
  { title: 'merging', text: (_, { mainShare }) => percent(mainShare) },
  { title: 'memory', text: (_, { peakBytes }) => `${amount(peakBytes / 1e6)} MB` },
  { title: 'not yet stored', text: (_, { unstoredFrames }) => amount(unstoredFrames) },
  { title: 'lost, told', text: (_, { lost }) => amount(lost) },
];

const WIDTHS = COLUMNS.map(({ title }) => Math.max(title.length, '10,000 ms'.length));

/** The head of the table, two lines. */
export const HEADER: string = [
  row(COLUMNS.map(({ title }) => title)),
  `| ${WIDTHS.map((width) => `${'-'.repeat(width - 1)}:`).join(' | ')} |`,
].join('\n');

export function measuredLine(hosts: number, measured: Measured): string {
  return row(COLUMNS.map(({ text }) => text(hosts, measured)));
}

function row(texts: readonly string[]): string {
  return `| ${texts.map((text, index) => text.padStart(WIDTHS[index] ?? 0)).join(' | ')} |`;
}

function time(ms: number): string {
  const MS_SHOWN_UP_TO = 1_000;
  return ms < MS_SHOWN_UP_TO ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

function amount(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
