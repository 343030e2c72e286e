/**
 * Runs the kernel tier, and our own conformance cases, on Debian's kernels in VMs and on the host's own; prints what
 * each kernel can do: `npm run test:kernels [-- SERIES… SUITE…]`, the latter by parts of their names.
 *
 * `BPFLEET_KERNEL=/path/to/vmlinuz` adds a kernel. The table is `docs/kernel-support.md`, from which the run may not
 * differ; `UPDATE_KERNEL_SUPPORT=1` writes it instead.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requirePackages, requireTracefs } from '../../scripts/system-packages.mjs';
import { buildTestPrograms } from '../../scripts/test-programs.mjs';
import { debianKernel } from '../vm/debian-kernel.ts';
import type { Kernel } from '../vm/kernel.ts';
import { ownKernel } from '../vm/own-kernel.ts';
import { requireVms } from '../vm/require-vms.ts';
import { bundleSuites } from './bundle.ts';
import { runOnHost, runOnVm, type KernelRun } from './run-on.ts';
import { pageDifference, writePage } from './support-page.ts';
import { tableText } from './table.ts';

/** The first must be there; later ones are tested where apt offers them. */
const SERIES = ['6.1', '6.12'];
/** How many VMs run at a time. */
const VMS = 2;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Inside of node_modules, so that imports of the packages resolve from here as well. */
const CACHE = join(ROOT, 'node_modules/.cache/kernels');
const PAGE = join(ROOT, 'docs/kernel-support.md');

function kernels(wanted: readonly string[]): readonly Kernel[] {
  const own = process.env['BPFLEET_KERNEL'];
  const series = SERIES.filter((one) => wanted.length === 0 || wanted.includes(one));
  const found = series.map((one) => ({ one, kernel: debianKernel(one) }));
  for (const { one, kernel } of found) {
    if (kernel !== undefined) continue;
    if (one === SERIES[0]) throw new Error(`apt has no linux-image-${one}.*-amd64`);
    console.log(`kernel ${one}: apt has none; skipped`);
  }
  return [
    ...found.flatMap(({ kernel }) => kernel ?? []),
    ...(own === undefined ? [] : [ownKernel(own)]),
  ];
}

async function runAll(
  wanted: readonly string[],
  suites: readonly string[],
): Promise<readonly KernelRun[]> {
  const place = {
    root: ROOT,
    program: await bundleSuites(ROOT, join(CACHE, 'suites')),
    suites,
    environment: { BPFLEET_TEST_PROGRAMS: buildTestPrograms(join(CACHE, 'programs')) },
    onOutput: (text: string) => process.stdout.write(text),
  };
  const waiting = [...kernels(wanted)];
  const runs = new Map<Kernel, KernelRun>();
  const order = [...waiting];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      runs.set(next, await runOnVm(next, place));
    }
  };
  const host = wanted.length === 0 ? [await runOnHost(place)] : [];
  await Promise.all(Array.from({ length: VMS }, worker));
  return [...order.flatMap((kernel) => runs.get(kernel) ?? []), ...host];
}

/** One fleet of all kernels; its test prints its own summary. */
function testFleet(): boolean {
  const options = ['--import', 'tsx', '--conditions=source', '--test', '--test-reporter=spec'];
  const file = join(ROOT, 'test/kernels/fleet/kernels-fleet.test.ts');
  const { status } = spawnSync(process.execPath, [...options, file], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return status === 0;
}

async function main(): Promise<number> {
  requirePackages(['gcc', 'libc6-dev', 'systemtap-sdt-dev', 'nats-server']);
  requireVms();
  requireTracefs();
  const words = process.argv.slice(2);
  const isSeries = (word: string): boolean => /^\d/.test(word);
  const runs = await runAll(
    words.filter(isSeries),
    words.filter((word) => !isSeries(word)),
  );
  console.log(`\n${tableText(runs)}`);
  const suites = runs.flatMap(({ suites: rows }) => rows);
  const sum = (count: 'passed' | 'failed' | 'unsupported'): number =>
    suites.reduce((total, row) => total + row[count], 0);
  let failed = sum('failed');
  const published = runs.filter(({ origin }) => origin !== 'operator');
  if (process.env['UPDATE_KERNEL_SUPPORT'] === '1') writePage(PAGE, published);
  else if (words.length === 0) {
    const difference = pageDifference(PAGE, published);
    if (difference !== undefined) {
      failed++;
      console.log(`docs/kernel-support.md says something else:\n${difference}`);
      console.log('UPDATE_KERNEL_SUPPORT=1 npm run test:kernels writes it.');
    }
  }
  // As node's test runner ends.
  console.log(`\n# pass ${sum('passed')}\n# fail ${failed}\n# skipped ${sum('unsupported')}`);
  const hasFleet = words.length > 0 || testFleet();
  return failed === 0 && hasFleet ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
