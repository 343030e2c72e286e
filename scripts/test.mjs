/** Runs all tests but those in VMs: first what needs nothing, then what needs the kernel, then the fleets. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { requirePackages, requireTracefs } from './system-packages.mjs';

const ROOT = join(import.meta.dirname, '..');

/** @param {string} folder */
function testFiles(folder) {
  try {
    return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.test.ts'))
      .map((path) => join(folder, path));
  } catch {
    return [];
  }
}

/** Kernel and fleet tests share the one kernel of this machine, so they come last. @param {string} path */
function tier(path) {
  const parts = path.split(sep);
  if (parts.includes('fleet')) return 2;
  return parts.includes('kernel') ? 1 : 0;
}

const wanted = process.argv.slice(2);
const files = [
  ...readdirSync(join(ROOT, 'packages')).flatMap((name) => testFiles(`packages/${name}/test`)),
  ...testFiles('test').filter((path) => !path.startsWith(join('test', 'kernels'))),
]
  .filter((path) => wanted.length === 0 || wanted.some((part) => path.includes(part)))
  .toSorted((a, b) => tier(a) - tier(b) || a.localeCompare(b));

requirePackages(['nats-server', 'gcc', 'libc6-dev', 'systemtap-sdt-dev']);
requireTracefs();

const { status } = spawnSync(
  process.execPath,
  [
    ...['--import', 'tsx', '--conditions=source', '--enable-source-maps'],
    ...['--test', '--test-concurrency=2', '--test-timeout=240000', '--test-reporter=spec', ...files],
  ],
  { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] },
);
process.exitCode = status ?? 1;
