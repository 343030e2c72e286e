/** Runs test/kernels inside VMs that boot Debian's kernels; each run in a VM ends with node's test summary. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requirePackageLists, requirePackages } from './system-packages.mjs';
import { runInVm } from './vm/boot.mjs';
import { kernelPackage, unpackKernel } from './vm/debian-kernel.mjs';
import { buildTestPrograms } from './test-programs.mjs';

/** The first must be there, later ones are tested where apt offers them. */
const SERIES = ['6.1', '6.12'];
/** Under emulation, for all cases of one kernel. */
const TIMEOUT_MS = 8 * 60_000;

const ROOT = join(import.meta.dirname, '..');
/** Inside of node_modules, so that imports of the packages resolve from here as well. */
const CACHE = join(ROOT, 'node_modules/.cache/kernels');

/** Compiles the tests: starting tsx under emulation would take longer than they do. @returns {string} entry file */
function buildTests() {
  const output = join(CACHE, 'tests');
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const { status } = spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'test/kernels', '--outDir', output],
    { cwd: ROOT, stdio: 'inherit' },
  );
  if (status !== 0) throw new Error('compile test/kernels: tsc failed');
  writeFileSync(join(output, 'package.json'), '{ "type": "module" }\n');
  const all = join(output, 'all.js');
  const files = readdirSync(output, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.js'))
    .toSorted();
  writeFileSync(all, files.map((path) => `import './${path}';\n`).join(''));
  return all;
}

/** @param {string} output @param {string} name  a line of node's test summary */
function count(output, name) {
  return Number(new RegExp(`^# ${name} (\\d+)\\r?$`, 'm').exec(output)?.[1] ?? 0);
}

requirePackages(['qemu-system-x86', 'busybox-static', 'gcc', 'libc6-dev', 'systemtap-sdt-dev']);
requirePackageLists();
mkdirSync(CACHE, { recursive: true });
const entry = buildTests();
const programs = buildTestPrograms(join(CACHE, 'programs'));

let failed = false;
for (const [index, series] of SERIES.entries()) {
  const name = kernelPackage(series);
  if (name === undefined) {
    if (index > 0) {
      console.log(`kernel ${series}: apt has none; skipped`);
      continue;
    }
    throw new Error(`kernel ${series}: apt has no linux-image-${series}.*-amd64`);
  }
  console.log(`kernel ${name}`);
  const {
    output,
    exitCode,
    console: log,
  } = await runInVm(
    unpackKernel(name, CACHE),
    [
      `cd ${ROOT}`,
      `export BPFLEET_TEST_PROGRAMS=${programs}`,
      `exec ${process.execPath} --test-reporter=tap ${entry}`,
    ].join('\n'),
    { timeoutMs: TIMEOUT_MS, onOutput: (text) => process.stdout.write(text) },
  );
  if (exitCode === undefined) {
    console.log(
      `kernel ${name}: no end within ${TIMEOUT_MS / 1000} s, or a crash:\n${log.slice(-4000)}`,
    );
  }
  // The test run in the VM ends with its own summary, unless it never came to its end.
  if (count(output, 'pass') === 0) console.log('# fail 1');
  if (exitCode !== 0 || count(output, 'pass') === 0) failed = true;
}
process.exitCode = failed ? 1 : 0;
