/** Runs the suites on one kernel, and collects the rows that come of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { release } from 'node:os';
import { runInVm } from '../vm/boot.ts';
import type { Kernel } from '../vm/kernel.ts';
import { quoted } from '../vm/quoted.ts';
import { countsText, readRow, type FeatureRow, type SuiteRow } from './row.ts';

/** Under emulation, for all suites of one kernel. */
const TIMEOUT_MS = 20 * 60_000;
/** How many times longer a case may take: emulation is slow, and slower where the machine has other work. */
const PATIENCE = { host: 4, vm: 20 };
/** Of the random programs that the host runs. */
const GENERATED_SHARE = '0.05';
/** For the cases about modules. */
const MODULES = ['nf_tables', 'xfs'];

export interface SuitesPlace {
  /** The working tree. */
  readonly root: string;
  /** What `bundleSuites` made. */
  readonly program: string;
  /** Parts of the names of those to run; all when empty. */
  readonly suites: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** What a person wants to see while it runs. */
  readonly onOutput: (text: string) => void;
}

/** A column of the table. */
export interface KernelRun {
  /** Such as `6.12`. */
  readonly series: string;
  readonly origin: Kernel['origin'] | 'host';
  readonly features: readonly FeatureRow[];
  readonly suites: readonly SuiteRow[];
}

class Rows {
  readonly features: FeatureRow[] = [];
  readonly suites: SuiteRow[] = [];
  readonly #title: string;
  readonly #show: (text: string) => void;
  #unfinished = '';

  constructor(title: string, show: (text: string) => void) {
    this.#title = title;
    this.#show = show;
  }

  add(text: string): void {
    const lines = (this.#unfinished + text).split('\n');
    this.#unfinished = lines.pop() ?? '';
    lines.forEach((line) => this.#addLine(line.trimEnd()));
  }

  #addLine(line: string): void {
    const row = readRow(line);
    if (row === undefined) this.#show(`${this.#title}  ${line}\n`);
    else if (row.kind === 'feature') this.features.push(row);
    else {
      this.suites.push(row);
      const why = row.reasons.map((reason) => `      ${reason}\n`).join('');
      this.#show(`${this.#title}  ${row.name}: ${countsText(row)}\n${why}${row.failures}`);
    }
  }
}

/** What did not come to its end counts as a failed suite. */
function crash(name: string, failures: string): SuiteRow {
  const counts = { passed: 0, failed: 1, unsupported: 0 };
  return { kind: 'suite', name, ...counts, reasons: [], failures };
}

/** As `6.18`. */
function hostSeries(): string {
  return /^\d+\.\d+/.exec(release())?.[0] ?? release();
}

export async function runOnHost({
  root,
  program,
  suites: wanted,
  environment,
  onOutput,
}: SuitesPlace): Promise<KernelRun> {
  const series = hostSeries();
  const rows = new Rows(series.padEnd(4), onOutput);
  onOutput(`kernel ${release()} of this machine\n`);
  const child = spawn(process.execPath, [program, root, String(PATIENCE.host), ...wanted], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => rows.add(text));
  const [code] = (await once(child, 'close')) as [number | null];
  const ends = code === 0 ? [] : [crash('the run', `exit code ${String(code)}`)];
  const { features, suites } = rows;
  return { series, origin: 'host', features, suites: [...suites, ...ends] };
}

export async function runOnVm(
  kernel: Kernel,
  { root, program, suites: wanted, environment, onOutput }: SuitesPlace,
): Promise<KernelRun> {
  const { origin, series, name } = kernel;
  const rows = new Rows(series.padEnd(4), onOutput);
  onOutput(`kernel ${name} in a VM\n`);
  const variables = {
    PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`,
    GENERATED_SHARE,
    ...environment,
  };
  const { exitCode, console } = await runInVm(
    kernel,
    [
      `cd ${quoted(root)}`,
      ...Object.entries(variables).map(([key, value]) => `export ${key}=${quoted(value)}`),
      `exec ${[process.execPath, program, root, String(PATIENCE.vm), ...wanted].map(quoted).join(' ')}`,
    ].join('\n'),
    { timeoutMs: TIMEOUT_MS, onOutput: (text) => rows.add(text), modules: MODULES },
  );
  const { features, suites } = rows;
  if (exitCode === 0) return { series, origin, features, suites };
  const end = exitCode === undefined ? 'no end in time, or a crash' : `exit code ${exitCode}`;
  onOutput(`kernel ${name}: ${end}:\n${console.slice(-4000)}\n`);
  return { series, origin, features, suites: [...suites, crash('the run', end)] };
}
