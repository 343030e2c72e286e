/** Results of `test` and `bench` probes as text: the former in the manner of GoogleTest, the latter as a table. */
import type { BenchmarkResult, TestResult } from './output-item.ts';

const GREEN = '\u001B[32m';
const RED = '\u001B[31m';
const PLAIN = '\u001B[0m';

/** The lines of one test, with the heading before the first and the summary after the last. */
export function testResultText({ tests, passed, durationNs, output }: TestResult): string {
  const index = passed.length - 1;
  const name = tests[index] ?? '';
  const lines: string[] = [];
  if (index === 0) lines.push(`${green('[==========]')} Running ${tests.length} tests.`);
  lines.push(`${green('[ RUN      ]')} ${name}`);
  const duration = `(${durationText(durationNs)})`;
  if (passed[index] === true) {
    lines.push(`${green('[       OK ]')} ${name} ${duration}`);
  } else {
    lines.push(...output.split('\n').filter((line) => line !== ''));
    lines.push(`${red('[  FAILED  ]')} ${name} ${duration}`);
  }
  if (passed.length === tests.length) lines.push(...summary(tests, passed));
  return lines.map((line) => `${line}\n`).join('');
}

function summary(tests: readonly string[], passed: readonly boolean[]): readonly string[] {
  const failed = tests.filter((_, index) => passed[index] !== true);
  const lines = [
    `${green('[==========]')} ${counted(tests.length)} ran.`,
    `${green('[  PASSED  ]')} ${counted(tests.length - failed.length)}.`,
  ];
  if (failed.length === 0) return lines;
  return [
    ...lines,
    `${red('[  FAILED  ]')} ${counted(failed.length)}, listed below:`,
    ...failed.map((name) => `${red('[  FAILED  ]')} ${name}`),
  ];
}

function counted(count: number): string {
  return `${count} ${count === 1 ? 'test' : 'tests'}`;
}

const UNITS = [
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['us', 1000n],
] as const;

function durationText(nanoseconds: bigint): string {
  for (const [unit, scale] of UNITS) {
    if (nanoseconds >= scale) return `${nanoseconds / scale} ${unit}`;
  }
  return `${nanoseconds} ns`;
}

function green(text: string): string {
  return `${GREEN}${text}${PLAIN}`;
}

function red(text: string): string {
  return `${RED}${text}${PLAIN}`;
}

const NAME_WIDTH = 40;
const TIME_WIDTH = 15;

/** One row, with the head of the table before the first. */
export function benchmarkResultText(result: BenchmarkResult): string {
  const { name, benchmarks, first, averageNs, iterations } = result;
  const width = Math.max(NAME_WIDTH, ...benchmarks.map((one) => one.length)) + 1;
  const row = (...[title, time, runs]: readonly [string, string, string]): string =>
    `${title.padEnd(width)}${time.padEnd(TIME_WIDTH)}${runs}\n`;
  const rows = row(name, `${averageNs}`, `${iterations}`);
  if (!first) return rows;
  const line = '-'.repeat(width + TIME_WIDTH + 'Iterations'.length);
  return `${row('Benchmark', 'Time(ns)', 'Iterations')}${line}\n${rows}`;
}
