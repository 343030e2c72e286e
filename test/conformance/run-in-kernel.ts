/** Runs cases in a VM that boots one of Debian's kernels, with this machine's files. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { runInVm } from '../vm/boot.ts';
import { debianKernel } from '../vm/debian-kernel.ts';
import { quoted } from '../vm/quoted.ts';
import { prepareWorkspace } from './workspace.ts';
import { requireVms } from '../vm/require-vms.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache');
/** Emulation is slow, and slower where the machine has other work. */
const PATIENCE = 10;
const START_MS = 120_000;
const CASE_MS = 60_000;
/** What cases ask for with lsmod. */
const MODULES = ['nf_tables', 'kvm'];
/** Between what the run prints and its report. */
const MARK = '== report ==';

export interface KernelRun {
  readonly checkout: string;
  /** Titles. */
  readonly cases: readonly string[];
  /** Receives the report. */
  readonly json: string | undefined;
}

/** Starting tsx under emulation would take longer than a case. */
async function bundle(): Promise<string> {
  const outfile = join(CACHE, 'conformance/main.mjs');
  await build({
    entryPoints: [join(ROOT, 'test/conformance/main.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    external: ['./run-in-kernel.ts'],
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

/** @param series such as `6.12`; @returns the exit code. @throws where apt has no such kernel */
export async function runInKernel(series: string, run: KernelRun): Promise<number> {
  requireVms();
  const kernel = debianKernel(series);
  if (kernel === undefined) throw new Error(`apt has no linux-image-${series}.*-amd64`);
  process.stdout.write(`kernel ${kernel.name}, ${run.cases.length} cases\n`);
  const arguments_ = ['--patience', String(PATIENCE), '--json', '/run/report.json', ...run.cases];
  const { output, exitCode, console } = await runInVm(
    kernel,
    [
      `cd ${quoted(ROOT)}`,
      `export PATH=${quoted(process.env['PATH'] ?? '')}:/usr/sbin:/sbin`,
      `export BPFTRACE_SRC=${quoted(run.checkout)}`,
      // Compilers are slow under emulation, and the bundle is not beside what says how to build.
      `export BPFLEET_WORKSPACE=${quoted(await prepareWorkspace(run.checkout))}`,
      `export BPFLEET_CLI=${quoted(join(ROOT, 'packages/cli/bin/bpfleet.js'))}`,
      `${quoted(process.execPath)} ${quoted(await bundle())} ${arguments_.map(quoted).join(' ')}`,
      'code=$?',
      `echo '${MARK}'`,
      'cat /run/report.json',
      'exit $code',
    ].join('\n'),
    { timeoutMs: START_MS + run.cases.length * CASE_MS, onOutput: printer(), modules: MODULES },
  );
  if (exitCode === undefined) {
    process.stdout.write(
      `kernel ${kernel.name}: no end in time, or a crash:\n${console.slice(-4000)}\n`,
    );
    return 1;
  }
  const report = output.split(MARK)[1]?.trim();
  if (run.json !== undefined && report !== undefined) writeFileSync(run.json, `${report}\n`);
  return exitCode;
}
