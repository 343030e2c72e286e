/** `docs/kernel-support.md`: the table without counts, which change with every new test. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { FeatureRow, Row } from './row.ts';
import type { KernelRun } from './run-on.ts';
import { rowNames, rowOf } from './table.ts';

const BEGIN = '<!-- begin: written by UPDATE_KERNEL_SUPPORT=1 npm run test:kernels -->';
const END = '<!-- end -->';

const NOT_RUN = 'not run';

/** A failed suite is in no page: such a run fails anyway. */
function cell(row: Row | undefined): string {
  if (row === undefined) return NOT_RUN;
  if (row.kind === 'feature') return featureCell(row.state);
  if (row.unsupported === 0) return 'passed';
  return row.passed === 0 ? 'unsupported' : 'in part';
}

function table(title: string, names: readonly string[], runs: readonly KernelRun[]): string {
  const lines = [
    [title, ...runs.map(({ series }) => series)],
    ...names.map((name) => [label(name, runs), ...runs.map((run) => cell(rowOf(run, name)))]),
  ];
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(3, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const text = lines.map(
    (line) => `| ${line.map((one, column) => one.padEnd(widths[column] ?? 0)).join(' | ')} |\n`,
  );
  text.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |\n`);
  return text.join('');
}

function label(name: string, runs: readonly KernelRun[]): string {
  const row = runs.map((run) => rowOf(run, name)).find((one) => one !== undefined);
  return row?.kind === 'feature' ? featureLabel(row) : name;
}

/** What the row of a feature is called. */
export function featureLabel(row: Pick<FeatureRow, 'name' | 'minimumKernel'>): string {
  return `${row.name} (since ${row.minimumKernel})`;
}

/** A feature's cell. */
export function featureCell(state: FeatureRow['state']): string {
  return state === 'supported' ? 'yes' : 'no';
}

/** The part of the page that a run writes. */
function generated(runs: readonly KernelRun[]): string {
  const isFeature = (name: string): boolean =>
    runs.some((run) => rowOf(run, name)?.kind === 'feature');
  const names = rowNames(runs);
  return [
    table('feature', names.filter(isFeature), runs),
    table(
      'suite',
      names.filter((name) => !isFeature(name)),
      runs,
    ),
  ].join('\n');
}

function readPage(path: string): { readonly head: string; readonly body: string } {
  const page = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const [head = '', rest = ''] = page.split(`${BEGIN}\n\n`);
  return { head, body: rest.split(`\n${END}`)[0] ?? '' };
}

/** Writes the tables of the page; what stands before them stays. */
export function writePage(path: string, runs: readonly KernelRun[]): void {
  const { head } = readPage(path);
  writeFileSync(path, `${head}${BEGIN}\n\n${generated(runs)}\n${END}\n`);
}

/** What the tables of the page say, by kernel and row. */
export function readTables(path: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return byColumn(readPage(path).body);
}

/** What tables say, by column: `kprobes` is `yes`. */
function byColumn(body: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const columns = new Map<string, Map<string, string>>();
  const say = (column: string, name: string, value: string): void => {
    columns.set(column, (columns.get(column) ?? new Map<string, string>()).set(name, value));
  };
  let head: readonly string[] = [];
  for (const line of body.split('\n')) {
    const cells = line.split('|').map((one) => one.trim());
    const name = cells[1] ?? '';
    if (name === 'feature' || name === 'suite') head = cells;
    else if (name !== '' && !name.startsWith('---')) {
      head.slice(2, -1).forEach((column, index) => say(column, name, cells[index + 2] ?? ''));
    }
  }
  return columns;
}

/**
 * What the page says of a kernel and the run does not, and the other way round; undefined when they agree. Kernels that
 * only one of them has are not compared, nor what the page calls not run.
 */
export function pageDifference(path: string, runs: readonly KernelRun[]): string | undefined {
  const [before, now] = [readTables(path), byColumn(generated(runs))];
  const lines = [...now].flatMap(([column, cells]) => {
    const old = before.get(column);
    if (old === undefined) return [];
    return [...new Set([...old.keys(), ...cells.keys()])]
      .filter((name) => old.get(name) !== NOT_RUN && old.get(name) !== cells.get(name))
      .map(
        (name) =>
          `${column}: ${name}: ${old.get(name) ?? 'nothing'} → ${cells.get(name) ?? 'nothing'}`,
      );
  });
  return before.size > 0 && lines.length === 0 ? undefined : lines.join('\n');
}
