/** The table of a run: feature or suite × kernel. */
import { countsText, type Row } from './row.ts';
import type { KernelRun } from './run-on.ts';

function columnTitle({ series, origin }: KernelRun): string {
  switch (origin) {
    case 'debian':
      return series;
    case 'operator':
      return `${series}, yours`;
    case 'host':
      return `${series}, this machine`;
  }
}

function rowsOf({ features, suites }: KernelRun): readonly Row[] {
  return [...features, ...suites];
}

/** Of all kernels, each name once, in the order of the first kernel that has it. */
export function rowNames(runs: readonly KernelRun[]): readonly string[] {
  return [...new Set(runs.flatMap((run) => rowsOf(run).map(({ name }) => name)))];
}

export function rowOf(run: KernelRun, name: string): Row | undefined {
  return rowsOf(run).find((row) => row.name === name);
}

function cell(row: Row | undefined): string {
  if (row === undefined) return 'not run';
  return row.kind === 'feature' ? row.state : countsText(row);
}

/** With counts, for the person who runs it. */
export function tableText(runs: readonly KernelRun[]): string {
  const lines = [
    ['', ...runs.map(columnTitle)],
    ...rowNames(runs).map((name) => [name, ...runs.map((run) => cell(rowOf(run, name)))]),
  ];
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) => line.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}
