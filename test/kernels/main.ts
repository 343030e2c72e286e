/**
 * `npm run test:kernels`: runs the kernel tier, and our own conformance cases, on Debian's kernels in VMs and on the
 * host's own; prints what each kernel can do. What it takes is in `kernels-request.ts`.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requirePackages, requireTracefs } from '../../scripts/system-packages.mjs';
import { buildTestPrograms } from '../../scripts/test-programs.mjs';
import { debianKernel } from '../vm/debian-kernel.ts';
import type { Kernel } from '../vm/kernel.ts';
import { missingModules, ownKernel } from '../vm/own-kernel.ts';
import { requireVms } from '../vm/require-vms.ts';
import { bundleSuites } from './bundle.ts';
import {
  KERNELS_USAGE,
  parseKernelsRequest,
  SERIES,
  type KernelsRequest,
} from './kernels-request.ts';
import { runOnHost, runOnVm, type KernelRun } from './run-on.ts';
import { suiteNames } from './suite-names.ts';
import { pageDifference, writePage } from './support-page.ts';
import { tableText } from './table.ts';
import { runMain } from '../support/run-main.ts';

/** How many VMs run at a time. */
const VMS = 2;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Inside of node_modules, so that imports of the packages resolve from here as well. */
const CACHE = join(ROOT, 'node_modules/.cache/kernels');
const PAGE = join(ROOT, 'docs/kernel-support.md');

type Run = Extract<KernelsRequest, { readonly kind: 'run' }>;

function kernels({ series, ownPath }: Run): readonly Kernel[] {
  const own = ownPath === undefined ? [] : [ownKernel(ownPath)];
  for (const warning of own.flatMap((one) => missingModules(one) ?? [])) console.log(warning);
  const found = series.map((one) => ({ one, kernel: debianKernel(one) }));
  for (const { one, kernel } of found) {
    if (kernel !== undefined) continue;
    if (one === SERIES[0]) throw new Error(`apt has no linux-image-${one}.*-amd64`);
    console.log(`kernel ${one}: apt has none; skipped`);
  }
  return [...found.flatMap(({ kernel }) => kernel ?? []), ...own];
}

async function runAll(request: Run): Promise<readonly KernelRun[]> {
  const { suites } = request;
  const waiting = [...kernels(request)];
  const place = {
    root: ROOT,
    program: await bundleSuites(ROOT, join(CACHE, 'suites')),
    suites,
    environment: { BPFLEET_TEST_PROGRAMS: buildTestPrograms(join(CACHE, 'programs')) },
    onOutput: (text: string) => process.stdout.write(text),
  };
  const runs = new Map<Kernel, KernelRun>();
  const order = [...waiting];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      runs.set(next, await runOnVm(next, place));
    }
  };
  const host = request.host ? [await runOnHost(place)] : [];
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
  const request = parseKernelsRequest(
    process.argv.slice(2),
    process.env['BPFLEET_KERNEL'],
    suiteNames(ROOT),
  );
  if (request.kind === 'help') {
    console.log(KERNELS_USAGE);
    return 0;
  }
  // Before anything takes long.
  if (request.ownPath !== undefined) ownKernel(request.ownPath);
  requirePackages(['gcc', 'libc6-dev', 'systemtap-sdt-dev', 'nats-server']);
  requireVms();
  requireTracefs();
  const runs = await runAll(request);
  console.log(`\n${tableText(runs)}`);
  const suites = runs.flatMap(({ suites: rows }) => rows);
  const sum = (count: 'passed' | 'failed' | 'unsupported'): number =>
    suites.reduce((total, row) => total + row[count], 0);
  let failed = sum('failed');
  const published = runs.filter(({ origin }) => origin !== 'operator');
  if (process.env['UPDATE_KERNEL_SUPPORT'] === '1') writePage(PAGE, published);
  else if (request.isWhole) {
    const difference = pageDifference(PAGE, published);
    if (difference !== undefined) {
      failed++;
      console.log(`docs/kernel-support.md says something else:\n${difference}`);
      console.log('UPDATE_KERNEL_SUPPORT=1 npm run test:kernels writes it.');
    }
  }
  // As node's test runner ends.
  console.log(`\n# pass ${sum('passed')}\n# fail ${failed}\n# skipped ${sum('unsupported')}`);
  const hasFleet = !request.isWhole || testFleet();
  return failed === 0 && hasFleet ? 0 : 1;
}

runMain(main);
