/** Runs all tests but those in VMs: first what needs nothing, then what needs the kernel, then the fleets. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { requirePackages, requireTracefs } from './system-packages.mjs';

const ROOT = join(import.meta.dirname, '..');
/** For each file and each test, so that one that hangs is told from a slow run. */
const TIMEOUT_MS = 600_000;

/** @param {string} folder */
function testFiles(folder) {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => join(folder, path));
}

/** Whether a test counts events of the one kernel of this machine: those of test/kernel, test/local, test/fleet. @param {string} path */
function usesKernel(path) {
  const [top, ...rest] = path.split(sep);
  return (top === 'test' && rest.length > 1) || rest.includes('kernel');
}

/** @param {readonly string[]} files @param {number} concurrency @returns {boolean} whether all passed */
function run(files, concurrency) {
  if (files.length === 0) return true;
  const { status } = spawnSync(
    process.execPath,
    [
      ...['--import', 'tsx', '--conditions=source', '--enable-source-maps', '--test'],
      ...[`--test-concurrency=${concurrency}`, `--test-timeout=${TIMEOUT_MS}`],
      ...['--test-reporter=spec', ...files],
    ],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  return status === 0;
}

const wanted = process.argv.slice(2);
const files = [
  ...readdirSync(join(ROOT, 'packages')).flatMap((name) => testFiles(`packages/${name}/test`)),
  ...testFiles('test').filter((path) => !path.startsWith(join('test', 'kernels'))),
]
  .filter((path) => wanted.length === 0 || wanted.some((part) => path.includes(part)))
  .toSorted((a, b) => a.localeCompare(b));

requirePackages(['nats-server', 'gcc', 'libc6-dev', 'systemtap-sdt-dev', 'iproute2', 'openssl']);
requireTracefs();
const passed = [
  run(
    files.filter((path) => !usesKernel(path)),
    2,
  ),
  run(files.filter(usesKernel), 1),
];
process.exitCode = files.length > 0 && passed.every(Boolean) ? 0 : 1;
