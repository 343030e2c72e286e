/** Runs a program of the tests in a VM that boots one of Debian's kernels, with this machine's files. */
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { runInVm, type VmOptions } from '../vm/boot.ts';
import type { Kernel } from '../vm/kernel.ts';
import { quoted } from '../vm/quoted.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/conformance');
/** Between what the run prints and its report. */
const MARK = '== report ==';
const REPORT = '/run/report.json';

export interface BundleRun extends Omit<VmOptions, 'onOutput'> {
  /** From the root of this repository. */
  readonly entry: string;
  /** That the bundle loads beside what is in it. */
  readonly external?: readonly string[];
  /** `--json` comes before them. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Shell lines that are run before it. */
  readonly setup?: readonly string[];
}

export interface BundleResult {
  readonly exitCode: number;
  /** Absent when it wrote none. */
  readonly report: string | undefined;
}

/** Starting tsx under emulation would take longer than what is to be run. */
async function bundle({ entry, external = [] }: BundleRun): Promise<string> {
  const outfile = join(CACHE, `${entry.replaceAll('/', '-')}.mjs`);
  await build({
    entryPoints: [join(ROOT, entry)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    external: [...external],
  });
  return outfile;
}

/** Prints all before the report, as it comes. */
function printer(): (text: string) => void {
  let seen = '';
  let printed = 0;
  return (text) => {
    seen += text;
    const mark = seen.indexOf(MARK);
    const until = mark >= 0 ? mark : seen.lastIndexOf('\n') + 1;
    if (until > printed) process.stdout.write(seen.slice(printed, until));
    printed = Math.max(printed, until);
  };
}

/** What it prints is printed. @throws when the VM does not come to the end of it */
export async function runBundleInVm(kernel: Kernel, run: BundleRun): Promise<BundleResult> {
  const environment = {
    PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`,
    // The bundle is not beside what says how to build.
    BPFLEET_CLI: join(ROOT, 'packages/cli/bin/bpfleet.js'),
    ...run.environment,
  };
  const words = [process.execPath, await bundle(run), '--json', REPORT, ...run.argv];
  const { output, exitCode, console } = await runInVm(
    kernel,
    [
      `cd ${quoted(ROOT)}`,
      ...Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}`),
      ...(run.setup ?? []),
      words.map(quoted).join(' '),
      'code=$?',
      `echo '${MARK}'`,
      `cat ${REPORT}`,
      'exit $code',
    ].join('\n'),
    { ...run, onOutput: printer() },
  );
  if (exitCode === undefined) {
    throw new Error(
      `kernel ${kernel.name}: no end of ${basename(run.entry)} in time, or a crash:\n${console.slice(-4000)}`,
    );
  }
  return { exitCode, report: output.split(MARK)[1]?.trim() };
}
