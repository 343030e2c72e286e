/**
 * What is run on each kernel, in a VM or on the host: `node on-one-kernel.mjs ROOT PATIENCE [SUITE…]`. Prints
 * the rows of the table as they come. The tests are in the folder of this file, bundled.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Features, openKernel, readHost, readKernelBtf } from '@bpfleet/bpf';
import { featureTests } from '../../packages/bpf/src/features/feature-tests.ts';
import { runOwnCases } from './own-cases.ts';
import { rowLine, type Row } from './row.ts';
import { suiteRow } from './tap.ts';

const SUFFIX = '.test.mjs';
/** Of one file of tests. */
const TIMEOUT_MS = 480_000;

const [root = '.', patience = '1', ...wanted] = process.argv.slice(2);

function isWanted(suite: string): boolean {
  return wanted.length === 0 || wanted.some((part) => suite.includes(part));
}

function print(row: Row): void {
  process.stdout.write(rowLine(row));
}

function printFeatures(): void {
  const calls = openKernel();
  const tests = featureTests(calls, readKernelBtf);
  const states = new Features(calls, readHost().kernelRelease).all();
  for (const [key, { kind: state }] of Object.entries(states)) {
    const { name, minimumKernel } = tests[key as keyof typeof tests];
    print({ kind: 'feature', name, minimumKernel, state });
  }
}

function runTests(file: string): void {
  const { stdout, status } = spawnSync(
    process.execPath,
    ['--test-reporter=tap', join(import.meta.dirname, file)],
    // What a test runner tells its own children would change the report.
    {
      cwd: root,
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
      maxBuffer: 64 << 20,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    },
  );
  print(suiteRow(file.slice(0, -SUFFIX.length), stdout, status !== null));
}

printFeatures();
readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(SUFFIX) && isWanted(name))
  .toSorted()
  .forEach(runTests);
await runOwnCases({ root, patience: Number(patience), isWanted, onSuite: print });
